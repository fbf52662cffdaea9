/**
 * The integrity run: millions of numbered items of random sizes with checksums, both ways, while
 * workers are killed, stopped and resized: none may be wrong, doubled or missing.
 */
@NullMarked
package dev.procpool.testkit.integrity;

import org.jspecify.annotations.NullMarked;
