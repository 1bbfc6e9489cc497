/**
 * The contract between the processes and with the bot platform: topic names, record types, their JSON form and serdes.
 *
 * <p>Reading is tolerant, because Genesys adds fields and enumeration values whenever it likes: unknown ones pass, and
 * any field may be absent. Writing is strict: a record that misses a required field cannot be made.
 */
@NullMarked
package io.handover.schema;

import org.jspecify.annotations.NullMarked;
