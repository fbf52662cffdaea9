/** What runs in a worker process. Imports nothing of the pool's side. */
@NullMarked
package dev.procpool.worker;

import org.jspecify.annotations.NullMarked;
