/**
 * The contract between the bridge, the streams-app and the bot platform: topic names, record types, their JSON and
 * their serdes.
 *
 * <p>Reading is tolerant, because Genesys adds fields and values without notice. Unknown fields and values are
 * accepted, and every field of a delivery may be absent. Writing is strict: a record without a required field cannot be
 * created.
 *
 * <p>Only {@link io.handover.schema.HandoverSerdes} and {@link io.handover.schema.RecordKind} need the Kafka library.
 */
@NullMarked
package io.handover.schema;

import org.jspecify.annotations.NullMarked;
