/**
 * What the pool and its workers say to each other: the frames' types and the layout of each
 * message. Both sides import this and nothing of each other.
 */
@NullMarked
package dev.procpool.protocol;

import org.jspecify.annotations.NullMarked;
