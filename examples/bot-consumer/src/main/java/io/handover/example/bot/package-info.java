/** An example of a consumer: it hands the commands over to the HTTP API of a bot. */
@NullMarked
package io.handover.example.bot;

import org.jspecify.annotations.NullMarked;
