/** {@code --master}: a pool on a Spark cluster, with the Spark that the user has. */
@NullMarked
package dev.procpool.cli.cluster;

import org.jspecify.annotations.NullMarked;
