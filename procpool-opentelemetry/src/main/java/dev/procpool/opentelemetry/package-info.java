/** The context of OpenTelemetry on its way to items in other processes. */
@NullMarked
package dev.procpool.opentelemetry;

import org.jspecify.annotations.NullMarked;
