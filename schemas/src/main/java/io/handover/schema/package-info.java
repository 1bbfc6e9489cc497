/**
 * The contract between the two processes and the bot platform: topic names, record types, their JSON form and serdes.
 *
 * <p>Reading is tolerant, because Genesys adds fields and values without notice: unknown fields and values are accepted,
 * and any field of a delivery may be absent. Writing is strict: a record without a required field cannot be created.
 *
 * <p>Kafka is needed only by {@link io.handover.schema.HandoverSerdes} and {@link io.handover.schema.RecordKind}.
 */
@NullMarked
package io.handover.schema;

import org.jspecify.annotations.NullMarked;
