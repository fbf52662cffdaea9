package dev.procpool.function;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * The two arguments of one call, made by {@link Args#of}.
 *
 * <p>Serializable whenever its components are.
 *
 * @param <A> the type of the first argument
 * @param <B> the type of the second argument
 * @param first the first argument; may be null
 * @param second the second argument; may be null
 */
public record Args2<A extends @Nullable Object, B extends @Nullable Object>(A first, B second)
    implements Serializable {}
