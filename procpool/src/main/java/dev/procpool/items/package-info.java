/** Where the items of a call are, for backends that give each worker one item at a time. */
@NullMarked
package dev.procpool.items;

import org.jspecify.annotations.NullMarked;
