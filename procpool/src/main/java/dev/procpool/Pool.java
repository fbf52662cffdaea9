package dev.procpool;

import dev.procpool.function.Action1;
import dev.procpool.function.Action2;
import dev.procpool.function.Action3;
import dev.procpool.function.Action4;
import dev.procpool.function.Action5;
import dev.procpool.function.Action6;
import dev.procpool.function.Args;
import dev.procpool.function.Args2;
import dev.procpool.function.Args3;
import dev.procpool.function.Args4;
import dev.procpool.function.Args5;
import dev.procpool.function.Args6;
import dev.procpool.function.Task0;
import dev.procpool.function.Task1;
import dev.procpool.function.Task2;
import dev.procpool.function.Task3;
import dev.procpool.function.Task4;
import dev.procpool.function.Task5;
import dev.procpool.function.Task6;
import dev.procpool.function.Tasks;
import dev.procpool.guard.StreamItems;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;

/**
 * A pool of reusable workers that runs tasks over arguments and collects their results.
 *
 * <p>The calls come in families. In each, the name says how the arguments arrive and how the
 * results are taken:
 *
 * <ul>
 *   <li>{@code apply}: one call with 0 to 6 arguments.
 *   <li>{@code map}: one call an item; {@code starmap}: one call a tuple of 2 to 6 arguments. The
 *       result is a list in the order of the items.
 *   <li>{@code imap}, {@code imapUnordered}, {@code istarmap}, {@code istarmapUnordered}: the same
 *       as a stream that takes items from the source only as results are consumed, so an endless
 *       source runs in constant memory.
 *   <li>{@code forEach}, {@code starForEach}: the same for actions, which give no result.
 *   <li>{@code …Async}: returns at once; the other forms wait.
 * </ul>
 *
 * <pre>{@code
 * try (Pool pool = ProcessPool.create()) {
 *   List<Integer> squares = pool.map(x -> x * x, List.of(1, 2, 3));
 *   MapResult<Double> powers =
 *       pool.starmapAsync(Math::pow, List.of(Args.of(2.0, 3.0), Args.of(3.0, 2.0)));
 *   System.out.println(squares + " " + powers.get());
 * }
 * }</pre>
 *
 * <p><b>Waiting calls</b> throw {@link ExecutionException} whose cause is the failure of the
 * lowest-numbered failed item, after all items have finished. A thread interrupted in one gets
 * {@link InterruptedException} after its tasks have been cancelled; the pool stays usable. After
 * {@link #shutdown()} every call throws {@link java.util.concurrent.RejectedExecutionException}.
 * Null tasks and sources are refused with {@link NullPointerException}; null items and null results
 * are values.
 *
 * <p><b>What may change when.</b> A task, with all that it captures, and the arguments of {@code
 * apply} are copied before the call returns; change them as you like after that. Of a {@code map}
 * or {@code forEach} call the same is true of the collection: the call takes the references to its
 * items, so that {@code items.clear()} right after {@code mapAsync} loses nothing. But the items
 * themselves are copied one after another while the call runs; leave them unchanged until it is
 * complete. Where a collection is not copied (one that is not of the JDK and may compute its
 * elements, a view or wrapper of another, one so large that its references would take a sixteenth
 * of the heap), leave it unchanged as well: if it gives fewer items than its {@code size()} said at
 * the call, or more, the call fails with {@link java.util.ConcurrentModificationException}. A
 * stream ({@code imap} and the like) reads its source as results are consumed, and asks no lazy
 * collection for its size.
 *
 * <p><b>Thread-safety:</b> all methods may be called from any thread at any time, from callbacks
 * too. Calls made at the same time keep their results apart and share the workers fairly.
 *
 * <p>The model is Python's {@code multiprocessing.Pool}.
 */
public interface Pool extends AutoCloseable {

  // ---------------------------------------------------------------- one call

  /**
   * Calls a task with no arguments in a worker and waits for its result.
   *
   * @param <R> the type of the result
   * @param task the task
   * @return the task's result; null if it returned null
   * @throws ExecutionException if the call failed; the cause says how
   * @throws InterruptedException if this thread was interrupted; the call is then cancelled
   */
  default <R extends @Nullable Object> R apply(Task0<? extends R> task)
      throws ExecutionException, InterruptedException {
    return Waiting.value(this.<R>applyAsync(task));
  }

  /**
   * Calls a task with one argument in a worker and waits for its result.
   *
   * <p>Give the result a variable before you print it: {@code System.out.println(pool.apply(x -> x
   * + 1, 41))} does not compile, since javac can't choose among the forms of {@code println}.
   *
   * @param <A> the type of the first argument
   * @param <R> the type of the result
   * @param task the task
   * @param a the first argument; may be null
   * @return the task's result; null if it returned null
   * @throws ExecutionException if the call failed; the cause says how
   * @throws InterruptedException if this thread was interrupted; the call is then cancelled
   */
  default <A extends @Nullable Object, R extends @Nullable Object> R apply(
      Task1<? super A, ? extends R> task, A a) throws ExecutionException, InterruptedException {
    return Waiting.value(this.<A, R>applyAsync(task, a));
  }

  /**
   * Calls a task with two arguments in a worker and waits for its result.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <R> the type of the result
   * @param task the task
   * @param a the first argument; may be null
   * @param b the second argument; may be null
   * @return the task's result; null if it returned null
   * @throws ExecutionException if the call failed; the cause says how
   * @throws InterruptedException if this thread was interrupted; the call is then cancelled
   */
  default <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      R apply(Task2<? super A, ? super B, ? extends R> task, A a, B b)
          throws ExecutionException, InterruptedException {
    return this.<Args2<A, B>, R>apply(Tasks.<A, B, R>spread(task), Args.of(a, b));
  }

  /**
   * Calls a task with three arguments in a worker and waits for its result.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param <R> the type of the result
   * @param task the task
   * @param a the first argument; may be null
   * @param b the second argument; may be null
   * @param c the third argument; may be null
   * @return the task's result; null if it returned null
   * @throws ExecutionException if the call failed; the cause says how
   * @throws InterruptedException if this thread was interrupted; the call is then cancelled
   */
  default <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      R apply(Task3<? super A, ? super B, ? super C, ? extends R> task, A a, B b, C c)
          throws ExecutionException, InterruptedException {
    return this.<Args3<A, B, C>, R>apply(Tasks.<A, B, C, R>spread(task), Args.of(a, b, c));
  }

  /**
   * Calls a task with four arguments in a worker and waits for its result.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param <D> the type of the fourth argument
   * @param <R> the type of the result
   * @param task the task
   * @param a the first argument; may be null
   * @param b the second argument; may be null
   * @param c the third argument; may be null
   * @param d the fourth argument; may be null
   * @return the task's result; null if it returned null
   * @throws ExecutionException if the call failed; the cause says how
   * @throws InterruptedException if this thread was interrupted; the call is then cancelled
   */
  default <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      R apply(
          Task4<? super A, ? super B, ? super C, ? super D, ? extends R> task, A a, B b, C c, D d)
          throws ExecutionException, InterruptedException {
    return this.<Args4<A, B, C, D>, R>apply(Tasks.<A, B, C, D, R>spread(task), Args.of(a, b, c, d));
  }

  /**
   * Calls a task with five arguments in a worker and waits for its result.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param <D> the type of the fourth argument
   * @param <E> the type of the fifth argument
   * @param <R> the type of the result
   * @param task the task
   * @param a the first argument; may be null
   * @param b the second argument; may be null
   * @param c the third argument; may be null
   * @param d the fourth argument; may be null
   * @param e the fifth argument; may be null
   * @return the task's result; null if it returned null
   * @throws ExecutionException if the call failed; the cause says how
   * @throws InterruptedException if this thread was interrupted; the call is then cancelled
   */
  default <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          R extends @Nullable Object>
      R apply(
          Task5<? super A, ? super B, ? super C, ? super D, ? super E, ? extends R> task,
          A a,
          B b,
          C c,
          D d,
          E e)
          throws ExecutionException, InterruptedException {
    return this.<Args5<A, B, C, D, E>, R>apply(
        Tasks.<A, B, C, D, E, R>spread(task), Args.of(a, b, c, d, e));
  }

  /**
   * Calls a task with six arguments in a worker and waits for its result.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param <D> the type of the fourth argument
   * @param <E> the type of the fifth argument
   * @param <F> the type of the sixth argument
   * @param <R> the type of the result
   * @param task the task
   * @param a the first argument; may be null
   * @param b the second argument; may be null
   * @param c the third argument; may be null
   * @param d the fourth argument; may be null
   * @param e the fifth argument; may be null
   * @param f the sixth argument; may be null
   * @return the task's result; null if it returned null
   * @throws ExecutionException if the call failed; the cause says how
   * @throws InterruptedException if this thread was interrupted; the call is then cancelled
   */
  default <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          F extends @Nullable Object,
          R extends @Nullable Object>
      R apply(
          Task6<? super A, ? super B, ? super C, ? super D, ? super E, ? super F, ? extends R> task,
          A a,
          B b,
          C c,
          D d,
          E e,
          F f)
          throws ExecutionException, InterruptedException {
    return this.<Args6<A, B, C, D, E, F>, R>apply(
        Tasks.<A, B, C, D, E, F, R>spread(task), Args.of(a, b, c, d, e, f));
  }

  /**
   * Calls a task with no arguments in a worker; returns at once.
   *
   * @param <R> the type of the result
   * @param task the task
   * @return the result to come
   */
  default <R extends @Nullable Object> AsyncResult<R> applyAsync(Task0<? extends R> task) {
    @SuppressWarnings("NullAway") // the argument may be null, as A may
    AsyncResult<R> result = applyAsync(Tasks.<R>spread(task), (Object) null);
    return result;
  }

  /**
   * Calls a task with one argument in a worker; returns at once.
   *
   * @param <A> the type of the first argument
   * @param <R> the type of the result
   * @param task the task
   * @param a the first argument; may be null
   * @return the result to come
   */
  <A extends @Nullable Object, R extends @Nullable Object> AsyncResult<R> applyAsync(
      Task1<? super A, ? extends R> task, A a);

  /**
   * Calls a task with two arguments in a worker; returns at once.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <R> the type of the result
   * @param task the task
   * @param a the first argument; may be null
   * @param b the second argument; may be null
   * @return the result to come
   */
  default <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      AsyncResult<R> applyAsync(Task2<? super A, ? super B, ? extends R> task, A a, B b) {
    return applyAsync(Tasks.<A, B, R>spread(task), Args.of(a, b));
  }

  /**
   * Calls a task with three arguments in a worker; returns at once.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param <R> the type of the result
   * @param task the task
   * @param a the first argument; may be null
   * @param b the second argument; may be null
   * @param c the third argument; may be null
   * @return the result to come
   */
  default <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      AsyncResult<R> applyAsync(
          Task3<? super A, ? super B, ? super C, ? extends R> task, A a, B b, C c) {
    return applyAsync(Tasks.<A, B, C, R>spread(task), Args.of(a, b, c));
  }

  /**
   * Calls a task with four arguments in a worker; returns at once.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param <D> the type of the fourth argument
   * @param <R> the type of the result
   * @param task the task
   * @param a the first argument; may be null
   * @param b the second argument; may be null
   * @param c the third argument; may be null
   * @param d the fourth argument; may be null
   * @return the result to come
   */
  default <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      AsyncResult<R> applyAsync(
          Task4<? super A, ? super B, ? super C, ? super D, ? extends R> task, A a, B b, C c, D d) {
    return applyAsync(Tasks.<A, B, C, D, R>spread(task), Args.of(a, b, c, d));
  }

  /**
   * Calls a task with five arguments in a worker; returns at once.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param <D> the type of the fourth argument
   * @param <E> the type of the fifth argument
   * @param <R> the type of the result
   * @param task the task
   * @param a the first argument; may be null
   * @param b the second argument; may be null
   * @param c the third argument; may be null
   * @param d the fourth argument; may be null
   * @param e the fifth argument; may be null
   * @return the result to come
   */
  default <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          R extends @Nullable Object>
      AsyncResult<R> applyAsync(
          Task5<? super A, ? super B, ? super C, ? super D, ? super E, ? extends R> task,
          A a,
          B b,
          C c,
          D d,
          E e) {
    return applyAsync(Tasks.<A, B, C, D, E, R>spread(task), Args.of(a, b, c, d, e));
  }

  /**
   * Calls a task with six arguments in a worker; returns at once.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param <D> the type of the fourth argument
   * @param <E> the type of the fifth argument
   * @param <F> the type of the sixth argument
   * @param <R> the type of the result
   * @param task the task
   * @param a the first argument; may be null
   * @param b the second argument; may be null
   * @param c the third argument; may be null
   * @param d the fourth argument; may be null
   * @param e the fifth argument; may be null
   * @param f the sixth argument; may be null
   * @return the result to come
   */
  default <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          F extends @Nullable Object,
          R extends @Nullable Object>
      AsyncResult<R> applyAsync(
          Task6<? super A, ? super B, ? super C, ? super D, ? super E, ? super F, ? extends R> task,
          A a,
          B b,
          C c,
          D d,
          E e,
          F f) {
    return applyAsync(Tasks.<A, B, C, D, E, F, R>spread(task), Args.of(a, b, c, d, e, f));
  }

  // ---------------------------------------------------------------- many calls, all results

  /**
   * Calls a task with each item and waits for all results.
   *
   * @param <A> the type of the items
   * @param <R> the type of the results
   * @param task the task
   * @param items the arguments, iterated once on a thread of the pool; may be empty
   * @return all results in the order of the items
   * @throws ExecutionException if an item failed, after all have finished
   * @throws InterruptedException if this thread was interrupted; the call is then cancelled
   */
  default <A extends @Nullable Object, R extends @Nullable Object> List<R> map(
      Task1<? super A, ? extends R> task, Iterable<? extends A> items)
      throws ExecutionException, InterruptedException {
    return Waiting.value(this.<A, R>mapAsync(task, items));
  }

  /**
   * Calls a task with each element of a stream and waits for all results.
   *
   * <p>The call closes the stream: when it has read it to its end, and when it ends before. What
   * reading the stream throws fails the call, after the elements before.
   *
   * <p>{@code IntStream} and its like will do too: {@code pool.map(x -> x * x, IntStream.range(0,
   * 100))}. Tuples go by {@link Tasks Tasks.spread}: {@code pool.map(Tasks.spread(f), tuples)}.
   *
   * @param <A> the type of the elements
   * @param <R> the type of the results
   * @param task the task
   * @param items the arguments, read on a thread of the pool; may be empty
   * @return all results in the order of the elements
   * @throws ExecutionException if an item failed, after all have finished
   * @throws InterruptedException if this thread was interrupted; the call is then cancelled
   * @since 0.2.0
   */
  default <A extends @Nullable Object, R extends @Nullable Object> List<R> map(
      Task1<? super A, ? extends R> task, BaseStream<? extends A, ?> items)
      throws ExecutionException, InterruptedException {
    return Waiting.value(this.<A, R>mapAsync(task, items));
  }

  /**
   * Calls a task with each element of an array and waits for all results.
   *
   * @param <A> the type of the elements
   * @param <R> the type of the results
   * @param task the task
   * @param items the arguments; may be empty
   * @return all results in the order of the elements
   * @throws ExecutionException if an item failed, after all have finished
   * @throws InterruptedException if this thread was interrupted; the call is then cancelled
   * @since 0.2.0
   */
  default <A extends @Nullable Object, R extends @Nullable Object> List<R> map(
      Task1<? super A, ? extends R> task, A[] items)
      throws ExecutionException, InterruptedException {
    return Waiting.value(this.<A, R>mapAsync(task, items));
  }

  /**
   * Calls a task with each tuple of two arguments and waits for all results.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <R> the type of the results
   * @param task the task
   * @param items the arguments, iterated once on a thread of the pool; may be empty
   * @return all results in the order of the items
   * @throws ExecutionException if an item failed, after all have finished
   * @throws InterruptedException if this thread was interrupted; the call is then cancelled
   */
  default <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      List<R> starmap(
          Task2<? super A, ? super B, ? extends R> task,
          Iterable<? extends Args2<? extends A, ? extends B>> items)
          throws ExecutionException, InterruptedException {
    return Waiting.value(this.<A, B, R>starmapAsync(task, items));
  }

  /**
   * Calls a task with each tuple of three arguments and waits for all results.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param <R> the type of the results
   * @param task the task
   * @param items the arguments, iterated once on a thread of the pool; may be empty
   * @return all results in the order of the items
   * @throws ExecutionException if an item failed, after all have finished
   * @throws InterruptedException if this thread was interrupted; the call is then cancelled
   */
  default <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      List<R> starmap(
          Task3<? super A, ? super B, ? super C, ? extends R> task,
          Iterable<? extends Args3<? extends A, ? extends B, ? extends C>> items)
          throws ExecutionException, InterruptedException {
    return Waiting.value(this.<A, B, C, R>starmapAsync(task, items));
  }

  /**
   * Calls a task with each tuple of four arguments and waits for all results.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param <D> the type of the fourth argument
   * @param <R> the type of the results
   * @param task the task
   * @param items the arguments, iterated once on a thread of the pool; may be empty
   * @return all results in the order of the items
   * @throws ExecutionException if an item failed, after all have finished
   * @throws InterruptedException if this thread was interrupted; the call is then cancelled
   */
  default <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      List<R> starmap(
          Task4<? super A, ? super B, ? super C, ? super D, ? extends R> task,
          Iterable<? extends Args4<? extends A, ? extends B, ? extends C, ? extends D>> items)
          throws ExecutionException, InterruptedException {
    return Waiting.value(this.<A, B, C, D, R>starmapAsync(task, items));
  }

  /**
   * Calls a task with each tuple of five arguments and waits for all results.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param <D> the type of the fourth argument
   * @param <E> the type of the fifth argument
   * @param <R> the type of the results
   * @param task the task
   * @param items the arguments, iterated once on a thread of the pool; may be empty
   * @return all results in the order of the items
   * @throws ExecutionException if an item failed, after all have finished
   * @throws InterruptedException if this thread was interrupted; the call is then cancelled
   */
  default <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          R extends @Nullable Object>
      List<R> starmap(
          Task5<? super A, ? super B, ? super C, ? super D, ? super E, ? extends R> task,
          Iterable<? extends Args5<? extends A, ? extends B, ? extends C, ? extends D, ? extends E>>
              items)
          throws ExecutionException, InterruptedException {
    return Waiting.value(this.<A, B, C, D, E, R>starmapAsync(task, items));
  }

  /**
   * Calls a task with each tuple of six arguments and waits for all results.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param <D> the type of the fourth argument
   * @param <E> the type of the fifth argument
   * @param <F> the type of the sixth argument
   * @param <R> the type of the results
   * @param task the task
   * @param items the arguments, iterated once on a thread of the pool; may be empty
   * @return all results in the order of the items
   * @throws ExecutionException if an item failed, after all have finished
   * @throws InterruptedException if this thread was interrupted; the call is then cancelled
   */
  default <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          F extends @Nullable Object,
          R extends @Nullable Object>
      List<R> starmap(
          Task6<? super A, ? super B, ? super C, ? super D, ? super E, ? super F, ? extends R> task,
          Iterable<
                  ? extends
                      Args6<
                          ? extends A,
                          ? extends B,
                          ? extends C,
                          ? extends D,
                          ? extends E,
                          ? extends F>>
              items)
          throws ExecutionException, InterruptedException {
    return Waiting.value(this.<A, B, C, D, E, F, R>starmapAsync(task, items));
  }

  /**
   * Calls a task with each item; returns at once.
   *
   * <p>The call takes the references to the items of a collection before it returns, as {@linkplain
   * Pool above}: it may be changed at once, its items only when the call is complete.
   *
   * @param <A> the type of the items
   * @param <R> the type of the results
   * @param task the task
   * @param items the arguments, iterated once on a thread of the pool if they are no collection of
   *     the JDK's; may be empty
   * @return the results to come, in the order of the items
   */
  <A extends @Nullable Object, R extends @Nullable Object> MapResult<R> mapAsync(
      Task1<? super A, ? extends R> task, Iterable<? extends A> items);

  /**
   * Calls a task with each element of a stream; returns at once.
   *
   * <p>The call closes the stream: when it has read it to its end, and when it ends before. What
   * reading the stream throws fails the call, after the elements before.
   *
   * @param <A> the type of the elements
   * @param <R> the type of the results
   * @param task the task
   * @param items the arguments, read on a thread of the pool; may be empty
   * @return the results to come, in the order of the elements
   * @since 0.2.0
   */
  default <A extends @Nullable Object, R extends @Nullable Object> MapResult<R> mapAsync(
      Task1<? super A, ? extends R> task, BaseStream<? extends A, ?> items) {
    Iterable<A> read = new StreamItems<>(items);
    return mapAsync(task, read);
  }

  /**
   * Calls a task with each element of an array; returns at once.
   *
   * @param <A> the type of the elements
   * @param <R> the type of the results
   * @param task the task
   * @param items the arguments; may be empty
   * @return the results to come, in the order of the elements
   * @since 0.2.0
   */
  default <A extends @Nullable Object, R extends @Nullable Object> MapResult<R> mapAsync(
      Task1<? super A, ? extends R> task, A[] items) {
    return mapAsync(task, Arrays.asList(items));
  }

  /**
   * Calls a task with each tuple of two arguments; returns at once.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <R> the type of the results
   * @param task the task
   * @param items the arguments, iterated once on a thread of the pool; may be empty
   * @return the results to come, in the order of the items
   */
  default <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      MapResult<R> starmapAsync(
          Task2<? super A, ? super B, ? extends R> task,
          Iterable<? extends Args2<? extends A, ? extends B>> items) {
    return mapAsync(Tasks.<A, B, R>spread(task), items);
  }

  /**
   * Calls a task with each tuple of three arguments; returns at once.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param <R> the type of the results
   * @param task the task
   * @param items the arguments, iterated once on a thread of the pool; may be empty
   * @return the results to come, in the order of the items
   */
  default <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      MapResult<R> starmapAsync(
          Task3<? super A, ? super B, ? super C, ? extends R> task,
          Iterable<? extends Args3<? extends A, ? extends B, ? extends C>> items) {
    return mapAsync(Tasks.<A, B, C, R>spread(task), items);
  }

  /**
   * Calls a task with each tuple of four arguments; returns at once.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param <D> the type of the fourth argument
   * @param <R> the type of the results
   * @param task the task
   * @param items the arguments, iterated once on a thread of the pool; may be empty
   * @return the results to come, in the order of the items
   */
  default <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      MapResult<R> starmapAsync(
          Task4<? super A, ? super B, ? super C, ? super D, ? extends R> task,
          Iterable<? extends Args4<? extends A, ? extends B, ? extends C, ? extends D>> items) {
    return mapAsync(Tasks.<A, B, C, D, R>spread(task), items);
  }

  /**
   * Calls a task with each tuple of five arguments; returns at once.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param <D> the type of the fourth argument
   * @param <E> the type of the fifth argument
   * @param <R> the type of the results
   * @param task the task
   * @param items the arguments, iterated once on a thread of the pool; may be empty
   * @return the results to come, in the order of the items
   */
  default <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          R extends @Nullable Object>
      MapResult<R> starmapAsync(
          Task5<? super A, ? super B, ? super C, ? super D, ? super E, ? extends R> task,
          Iterable<? extends Args5<? extends A, ? extends B, ? extends C, ? extends D, ? extends E>>
              items) {
    return mapAsync(Tasks.<A, B, C, D, E, R>spread(task), items);
  }

  /**
   * Calls a task with each tuple of six arguments; returns at once.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param <D> the type of the fourth argument
   * @param <E> the type of the fifth argument
   * @param <F> the type of the sixth argument
   * @param <R> the type of the results
   * @param task the task
   * @param items the arguments, iterated once on a thread of the pool; may be empty
   * @return the results to come, in the order of the items
   */
  default <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          F extends @Nullable Object,
          R extends @Nullable Object>
      MapResult<R> starmapAsync(
          Task6<? super A, ? super B, ? super C, ? super D, ? super E, ? super F, ? extends R> task,
          Iterable<
                  ? extends
                      Args6<
                          ? extends A,
                          ? extends B,
                          ? extends C,
                          ? extends D,
                          ? extends E,
                          ? extends F>>
              items) {
    return mapAsync(Tasks.<A, B, C, D, E, F, R>spread(task), items);
  }

  // ---------------------------------------------------------------- many calls, a stream of
  // results

  /**
   * Calls a task with each item and gives the results in the order of the items, lazily on both
   * ends.
   *
   * <p>At most {@link TaskOptions#lookAhead() lookAhead} items are anywhere between source and
   * consumer.
   *
   * @param <A> the type of the items
   * @param <R> the type of the results
   * @param task the task
   * @param items the arguments, iterated once on a thread of the pool; may be endless
   * @return the results to come
   */
  <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imap(
      Task1<? super A, ? extends R> task, Iterable<? extends A> items);

  /**
   * Calls a task with each element of a stream and gives the results in the order of the elements,
   * lazily on both ends, as {@link #imap(Task1, Iterable)} does.
   *
   * <p>The call closes the stream: when it has read it to its end, and when it ends before. What
   * reading the stream throws fails the call, after the elements before.
   *
   * @param <A> the type of the elements
   * @param <R> the type of the results
   * @param task the task
   * @param items the arguments, read on a thread of the pool; may be endless
   * @return the results to come
   * @since 0.2.0
   */
  default <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imap(
      Task1<? super A, ? extends R> task, BaseStream<? extends A, ?> items) {
    Iterable<A> read = new StreamItems<>(items);
    return imap(task, read);
  }

  /**
   * Calls a task with each element of an array and gives the results in the order of the elements,
   * lazily on both ends, as {@link #imap(Task1, Iterable)} does.
   *
   * @param <A> the type of the elements
   * @param <R> the type of the results
   * @param task the task
   * @param items the arguments; may be empty
   * @return the results to come
   * @since 0.2.0
   */
  default <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imap(
      Task1<? super A, ? extends R> task, A[] items) {
    return imap(task, Arrays.asList(items));
  }

  /**
   * Calls a task with each tuple of two arguments and gives the results in the order of the items,
   * lazily on both ends.
   *
   * <p>At most {@link TaskOptions#lookAhead() lookAhead} items are anywhere between source and
   * consumer.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <R> the type of the results
   * @param task the task
   * @param items the arguments, iterated once on a thread of the pool; may be endless
   * @return the results to come
   */
  default <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      ResultIterator<R> istarmap(
          Task2<? super A, ? super B, ? extends R> task,
          Iterable<? extends Args2<? extends A, ? extends B>> items) {
    return imap(Tasks.<A, B, R>spread(task), items);
  }

  /**
   * Calls a task with each tuple of three arguments and gives the results in the order of the
   * items, lazily on both ends.
   *
   * <p>At most {@link TaskOptions#lookAhead() lookAhead} items are anywhere between source and
   * consumer.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param <R> the type of the results
   * @param task the task
   * @param items the arguments, iterated once on a thread of the pool; may be endless
   * @return the results to come
   */
  default <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      ResultIterator<R> istarmap(
          Task3<? super A, ? super B, ? super C, ? extends R> task,
          Iterable<? extends Args3<? extends A, ? extends B, ? extends C>> items) {
    return imap(Tasks.<A, B, C, R>spread(task), items);
  }

  /**
   * Calls a task with each tuple of four arguments and gives the results in the order of the items,
   * lazily on both ends.
   *
   * <p>At most {@link TaskOptions#lookAhead() lookAhead} items are anywhere between source and
   * consumer.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param <D> the type of the fourth argument
   * @param <R> the type of the results
   * @param task the task
   * @param items the arguments, iterated once on a thread of the pool; may be endless
   * @return the results to come
   */
  default <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      ResultIterator<R> istarmap(
          Task4<? super A, ? super B, ? super C, ? super D, ? extends R> task,
          Iterable<? extends Args4<? extends A, ? extends B, ? extends C, ? extends D>> items) {
    return imap(Tasks.<A, B, C, D, R>spread(task), items);
  }

  /**
   * Calls a task with each tuple of five arguments and gives the results in the order of the items,
   * lazily on both ends.
   *
   * <p>At most {@link TaskOptions#lookAhead() lookAhead} items are anywhere between source and
   * consumer.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param <D> the type of the fourth argument
   * @param <E> the type of the fifth argument
   * @param <R> the type of the results
   * @param task the task
   * @param items the arguments, iterated once on a thread of the pool; may be endless
   * @return the results to come
   */
  default <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          R extends @Nullable Object>
      ResultIterator<R> istarmap(
          Task5<? super A, ? super B, ? super C, ? super D, ? super E, ? extends R> task,
          Iterable<? extends Args5<? extends A, ? extends B, ? extends C, ? extends D, ? extends E>>
              items) {
    return imap(Tasks.<A, B, C, D, E, R>spread(task), items);
  }

  /**
   * Calls a task with each tuple of six arguments and gives the results in the order of the items,
   * lazily on both ends.
   *
   * <p>At most {@link TaskOptions#lookAhead() lookAhead} items are anywhere between source and
   * consumer.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param <D> the type of the fourth argument
   * @param <E> the type of the fifth argument
   * @param <F> the type of the sixth argument
   * @param <R> the type of the results
   * @param task the task
   * @param items the arguments, iterated once on a thread of the pool; may be endless
   * @return the results to come
   */
  default <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          F extends @Nullable Object,
          R extends @Nullable Object>
      ResultIterator<R> istarmap(
          Task6<? super A, ? super B, ? super C, ? super D, ? super E, ? super F, ? extends R> task,
          Iterable<
                  ? extends
                      Args6<
                          ? extends A,
                          ? extends B,
                          ? extends C,
                          ? extends D,
                          ? extends E,
                          ? extends F>>
              items) {
    return imap(Tasks.<A, B, C, D, E, F, R>spread(task), items);
  }

  /**
   * Calls a task with each item and gives the results as they come, lazily on both ends.
   *
   * <p>At most {@link TaskOptions#lookAhead() lookAhead} items are anywhere between source and
   * consumer.
   *
   * @param <A> the type of the items
   * @param <R> the type of the results
   * @param task the task
   * @param items the arguments, iterated once on a thread of the pool; may be endless
   * @return the results to come
   */
  <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imapUnordered(
      Task1<? super A, ? extends R> task, Iterable<? extends A> items);

  /**
   * Calls a task with each element of a stream and gives the results as they come, lazily on both
   * ends, as {@link #imapUnordered(Task1, Iterable)} does.
   *
   * <p>The call closes the stream: when it has read it to its end, and when it ends before. What
   * reading the stream throws fails the call, after the elements before.
   *
   * @param <A> the type of the elements
   * @param <R> the type of the results
   * @param task the task
   * @param items the arguments, read on a thread of the pool; may be endless
   * @return the results to come
   * @since 0.2.0
   */
  default <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imapUnordered(
      Task1<? super A, ? extends R> task, BaseStream<? extends A, ?> items) {
    Iterable<A> read = new StreamItems<>(items);
    return imapUnordered(task, read);
  }

  /**
   * Calls a task with each element of an array and gives the results as they come, lazily on both
   * ends, as {@link #imapUnordered(Task1, Iterable)} does.
   *
   * @param <A> the type of the elements
   * @param <R> the type of the results
   * @param task the task
   * @param items the arguments; may be empty
   * @return the results to come
   * @since 0.2.0
   */
  default <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imapUnordered(
      Task1<? super A, ? extends R> task, A[] items) {
    return imapUnordered(task, Arrays.asList(items));
  }

  /**
   * Calls a task with each tuple of two arguments and gives the results as they come, lazily on
   * both ends.
   *
   * <p>At most {@link TaskOptions#lookAhead() lookAhead} items are anywhere between source and
   * consumer.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <R> the type of the results
   * @param task the task
   * @param items the arguments, iterated once on a thread of the pool; may be endless
   * @return the results to come
   */
  default <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      ResultIterator<R> istarmapUnordered(
          Task2<? super A, ? super B, ? extends R> task,
          Iterable<? extends Args2<? extends A, ? extends B>> items) {
    return imapUnordered(Tasks.<A, B, R>spread(task), items);
  }

  /**
   * Calls a task with each tuple of three arguments and gives the results as they come, lazily on
   * both ends.
   *
   * <p>At most {@link TaskOptions#lookAhead() lookAhead} items are anywhere between source and
   * consumer.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param <R> the type of the results
   * @param task the task
   * @param items the arguments, iterated once on a thread of the pool; may be endless
   * @return the results to come
   */
  default <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      ResultIterator<R> istarmapUnordered(
          Task3<? super A, ? super B, ? super C, ? extends R> task,
          Iterable<? extends Args3<? extends A, ? extends B, ? extends C>> items) {
    return imapUnordered(Tasks.<A, B, C, R>spread(task), items);
  }

  /**
   * Calls a task with each tuple of four arguments and gives the results as they come, lazily on
   * both ends.
   *
   * <p>At most {@link TaskOptions#lookAhead() lookAhead} items are anywhere between source and
   * consumer.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param <D> the type of the fourth argument
   * @param <R> the type of the results
   * @param task the task
   * @param items the arguments, iterated once on a thread of the pool; may be endless
   * @return the results to come
   */
  default <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      ResultIterator<R> istarmapUnordered(
          Task4<? super A, ? super B, ? super C, ? super D, ? extends R> task,
          Iterable<? extends Args4<? extends A, ? extends B, ? extends C, ? extends D>> items) {
    return imapUnordered(Tasks.<A, B, C, D, R>spread(task), items);
  }

  /**
   * Calls a task with each tuple of five arguments and gives the results as they come, lazily on
   * both ends.
   *
   * <p>At most {@link TaskOptions#lookAhead() lookAhead} items are anywhere between source and
   * consumer.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param <D> the type of the fourth argument
   * @param <E> the type of the fifth argument
   * @param <R> the type of the results
   * @param task the task
   * @param items the arguments, iterated once on a thread of the pool; may be endless
   * @return the results to come
   */
  default <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          R extends @Nullable Object>
      ResultIterator<R> istarmapUnordered(
          Task5<? super A, ? super B, ? super C, ? super D, ? super E, ? extends R> task,
          Iterable<? extends Args5<? extends A, ? extends B, ? extends C, ? extends D, ? extends E>>
              items) {
    return imapUnordered(Tasks.<A, B, C, D, E, R>spread(task), items);
  }

  /**
   * Calls a task with each tuple of six arguments and gives the results as they come, lazily on
   * both ends.
   *
   * <p>At most {@link TaskOptions#lookAhead() lookAhead} items are anywhere between source and
   * consumer.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param <D> the type of the fourth argument
   * @param <E> the type of the fifth argument
   * @param <F> the type of the sixth argument
   * @param <R> the type of the results
   * @param task the task
   * @param items the arguments, iterated once on a thread of the pool; may be endless
   * @return the results to come
   */
  default <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          F extends @Nullable Object,
          R extends @Nullable Object>
      ResultIterator<R> istarmapUnordered(
          Task6<? super A, ? super B, ? super C, ? super D, ? super E, ? super F, ? extends R> task,
          Iterable<
                  ? extends
                      Args6<
                          ? extends A,
                          ? extends B,
                          ? extends C,
                          ? extends D,
                          ? extends E,
                          ? extends F>>
              items) {
    return imapUnordered(Tasks.<A, B, C, D, E, F, R>spread(task), items);
  }

  // ---------------------------------------------------------------- many calls, items with their
  // outcomes

  /**
   * Calls a task with each item and gives each item with its outcome, as they come, lazily on both
   * ends. An item that fails is one of them: {@code next()} throws no failure of an item.
   *
   * <pre>{@code
   * for (ItemOutcome<Path, String> done : pool.imapOutcomes(Parser::text, files)) {
   *   System.out.println(done.item() + ": " + done.outcome().fold(String::length, e -> e));
   * }
   * }</pre>
   *
   * <p>At most {@link TaskOptions#lookAhead() lookAhead} items are anywhere between source and
   * consumer, and kept that long. Tuples go by {@link Tasks Tasks.spread}: {@code
   * pool.imapOutcomes(Tasks.spread(f), tuples)}.
   *
   * @param <A> the type of the items
   * @param <R> the type of the results
   * @param task the task
   * @param items the arguments, iterated once on a thread of the pool; may be endless
   * @return the items and their outcomes to come; what {@link ResultIterator#nextOutcome()} gives
   *     of it is always a success, whose value is the pair
   * @throws UnsupportedOperationException by default, for pools of others
   * @since 0.2.0
   */
  default <A extends @Nullable Object, R extends @Nullable Object>
      ResultIterator<ItemOutcome<A, R>> imapOutcomes(
          Task1<? super A, ? extends R> task, Iterable<? extends A> items) {
    throw new UnsupportedOperationException(
        getClass().getName() + " does not override Pool.imapOutcomes()");
  }

  /**
   * Calls a task with each element of a stream and gives each element with its outcome, as they
   * come, as {@link #imapOutcomes(Task1, Iterable)} does.
   *
   * <p>The call closes the stream: when it has read it to its end, and when it ends before. What
   * reading the stream throws fails the call, after the elements before.
   *
   * @param <A> the type of the elements
   * @param <R> the type of the results
   * @param task the task
   * @param items the arguments, read on a thread of the pool; may be endless
   * @return the elements and their outcomes to come
   * @since 0.2.0
   */
  default <A extends @Nullable Object, R extends @Nullable Object>
      ResultIterator<ItemOutcome<A, R>> imapOutcomes(
          Task1<? super A, ? extends R> task, BaseStream<? extends A, ?> items) {
    Iterable<A> read = new StreamItems<>(items);
    return imapOutcomes(task, read);
  }

  /**
   * Calls a task with each element of an array and gives each element with its outcome, as they
   * come, as {@link #imapOutcomes(Task1, Iterable)} does.
   *
   * @param <A> the type of the elements
   * @param <R> the type of the results
   * @param task the task
   * @param items the arguments; may be empty
   * @return the elements and their outcomes to come
   * @since 0.2.0
   */
  default <A extends @Nullable Object, R extends @Nullable Object>
      ResultIterator<ItemOutcome<A, R>> imapOutcomes(
          Task1<? super A, ? extends R> task, A[] items) {
    return imapOutcomes(task, Arrays.asList(items));
  }

  // ---------------------------------------------------------------- many calls without results

  /**
   * Runs an action with each item and waits for all to finish.
   *
   * @param <A> the type of the items
   * @param action the action
   * @param items the arguments, iterated once on a thread of the pool; may be empty
   * @throws ExecutionException if an item failed, after all have finished
   * @throws InterruptedException if this thread was interrupted; the call is then cancelled
   */
  default <A extends @Nullable Object> void forEach(
      Action1<? super A> action, Iterable<? extends A> items)
      throws ExecutionException, InterruptedException {
    Waiting.value(this.<A>forEachAsync(action, items));
  }

  /**
   * Runs an action with each element of a stream and waits for all to finish.
   *
   * <p>The call closes the stream: when it has read it to its end, and when it ends before. What
   * reading the stream throws fails the call, after the elements before.
   *
   * @param <A> the type of the elements
   * @param action the action
   * @param items the arguments, read on a thread of the pool; may be empty
   * @throws ExecutionException if an item failed, after all have finished
   * @throws InterruptedException if this thread was interrupted; the call is then cancelled
   * @since 0.2.0
   */
  default <A extends @Nullable Object> void forEach(
      Action1<? super A> action, BaseStream<? extends A, ?> items)
      throws ExecutionException, InterruptedException {
    Waiting.value(this.<A>forEachAsync(action, items));
  }

  /**
   * Runs an action with each element of an array and waits for all to finish.
   *
   * @param <A> the type of the elements
   * @param action the action
   * @param items the arguments; may be empty
   * @throws ExecutionException if an item failed, after all have finished
   * @throws InterruptedException if this thread was interrupted; the call is then cancelled
   * @since 0.2.0
   */
  default <A extends @Nullable Object> void forEach(Action1<? super A> action, A[] items)
      throws ExecutionException, InterruptedException {
    Waiting.value(this.<A>forEachAsync(action, items));
  }

  /**
   * Runs an action with each tuple of two arguments and waits for all to finish.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param action the action
   * @param items the arguments, iterated once on a thread of the pool; may be empty
   * @throws ExecutionException if an item failed, after all have finished
   * @throws InterruptedException if this thread was interrupted; the call is then cancelled
   */
  default <A extends @Nullable Object, B extends @Nullable Object> void starForEach(
      Action2<? super A, ? super B> action,
      Iterable<? extends Args2<? extends A, ? extends B>> items)
      throws ExecutionException, InterruptedException {
    Waiting.value(this.<A, B>starForEachAsync(action, items));
  }

  /**
   * Runs an action with each tuple of three arguments and waits for all to finish.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param action the action
   * @param items the arguments, iterated once on a thread of the pool; may be empty
   * @throws ExecutionException if an item failed, after all have finished
   * @throws InterruptedException if this thread was interrupted; the call is then cancelled
   */
  default <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>
      void starForEach(
          Action3<? super A, ? super B, ? super C> action,
          Iterable<? extends Args3<? extends A, ? extends B, ? extends C>> items)
          throws ExecutionException, InterruptedException {
    Waiting.value(this.<A, B, C>starForEachAsync(action, items));
  }

  /**
   * Runs an action with each tuple of four arguments and waits for all to finish.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param <D> the type of the fourth argument
   * @param action the action
   * @param items the arguments, iterated once on a thread of the pool; may be empty
   * @throws ExecutionException if an item failed, after all have finished
   * @throws InterruptedException if this thread was interrupted; the call is then cancelled
   */
  default <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object>
      void starForEach(
          Action4<? super A, ? super B, ? super C, ? super D> action,
          Iterable<? extends Args4<? extends A, ? extends B, ? extends C, ? extends D>> items)
          throws ExecutionException, InterruptedException {
    Waiting.value(this.<A, B, C, D>starForEachAsync(action, items));
  }

  /**
   * Runs an action with each tuple of five arguments and waits for all to finish.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param <D> the type of the fourth argument
   * @param <E> the type of the fifth argument
   * @param action the action
   * @param items the arguments, iterated once on a thread of the pool; may be empty
   * @throws ExecutionException if an item failed, after all have finished
   * @throws InterruptedException if this thread was interrupted; the call is then cancelled
   */
  default <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object>
      void starForEach(
          Action5<? super A, ? super B, ? super C, ? super D, ? super E> action,
          Iterable<? extends Args5<? extends A, ? extends B, ? extends C, ? extends D, ? extends E>>
              items)
          throws ExecutionException, InterruptedException {
    Waiting.value(this.<A, B, C, D, E>starForEachAsync(action, items));
  }

  /**
   * Runs an action with each tuple of six arguments and waits for all to finish.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param <D> the type of the fourth argument
   * @param <E> the type of the fifth argument
   * @param <F> the type of the sixth argument
   * @param action the action
   * @param items the arguments, iterated once on a thread of the pool; may be empty
   * @throws ExecutionException if an item failed, after all have finished
   * @throws InterruptedException if this thread was interrupted; the call is then cancelled
   */
  default <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          F extends @Nullable Object>
      void starForEach(
          Action6<? super A, ? super B, ? super C, ? super D, ? super E, ? super F> action,
          Iterable<
                  ? extends
                      Args6<
                          ? extends A,
                          ? extends B,
                          ? extends C,
                          ? extends D,
                          ? extends E,
                          ? extends F>>
              items)
          throws ExecutionException, InterruptedException {
    Waiting.value(this.<A, B, C, D, E, F>starForEachAsync(action, items));
  }

  /**
   * Runs an action with each item; returns at once.
   *
   * @param <A> the type of the items
   * @param action the action
   * @param items the arguments, iterated once on a thread of the pool; may be empty
   * @return a result whose values are all null; its outcomes tell how each item fared
   */
  default <A extends @Nullable Object> MapResult<@Nullable Void> forEachAsync(
      Action1<? super A> action, Iterable<? extends A> items) {
    return mapAsync(Tasks.<A>of(action), items);
  }

  /**
   * Runs an action with each element of a stream; returns at once.
   *
   * <p>The call closes the stream: when it has read it to its end, and when it ends before. What
   * reading the stream throws fails the call, after the elements before.
   *
   * @param <A> the type of the elements
   * @param action the action
   * @param items the arguments, read on a thread of the pool; may be empty
   * @return a result whose values are all null; its outcomes tell how each element fared
   * @since 0.2.0
   */
  default <A extends @Nullable Object> MapResult<@Nullable Void> forEachAsync(
      Action1<? super A> action, BaseStream<? extends A, ?> items) {
    return mapAsync(Tasks.<A>of(action), items);
  }

  /**
   * Runs an action with each element of an array; returns at once.
   *
   * @param <A> the type of the elements
   * @param action the action
   * @param items the arguments; may be empty
   * @return a result whose values are all null; its outcomes tell how each element fared
   * @since 0.2.0
   */
  default <A extends @Nullable Object> MapResult<@Nullable Void> forEachAsync(
      Action1<? super A> action, A[] items) {
    return mapAsync(Tasks.<A>of(action), items);
  }

  /**
   * Runs an action with each tuple of two arguments; returns at once.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param action the action
   * @param items the arguments, iterated once on a thread of the pool; may be empty
   * @return a result whose values are all null; its outcomes tell how each item fared
   */
  default <A extends @Nullable Object, B extends @Nullable Object>
      MapResult<@Nullable Void> starForEachAsync(
          Action2<? super A, ? super B> action,
          Iterable<? extends Args2<? extends A, ? extends B>> items) {
    return mapAsync(Tasks.<A, B, @Nullable Void>spread(Tasks.<A, B>of(action)), items);
  }

  /**
   * Runs an action with each tuple of three arguments; returns at once.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param action the action
   * @param items the arguments, iterated once on a thread of the pool; may be empty
   * @return a result whose values are all null; its outcomes tell how each item fared
   */
  default <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>
      MapResult<@Nullable Void> starForEachAsync(
          Action3<? super A, ? super B, ? super C> action,
          Iterable<? extends Args3<? extends A, ? extends B, ? extends C>> items) {
    return mapAsync(Tasks.<A, B, C, @Nullable Void>spread(Tasks.<A, B, C>of(action)), items);
  }

  /**
   * Runs an action with each tuple of four arguments; returns at once.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param <D> the type of the fourth argument
   * @param action the action
   * @param items the arguments, iterated once on a thread of the pool; may be empty
   * @return a result whose values are all null; its outcomes tell how each item fared
   */
  default <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object>
      MapResult<@Nullable Void> starForEachAsync(
          Action4<? super A, ? super B, ? super C, ? super D> action,
          Iterable<? extends Args4<? extends A, ? extends B, ? extends C, ? extends D>> items) {
    return mapAsync(Tasks.<A, B, C, D, @Nullable Void>spread(Tasks.<A, B, C, D>of(action)), items);
  }

  /**
   * Runs an action with each tuple of five arguments; returns at once.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param <D> the type of the fourth argument
   * @param <E> the type of the fifth argument
   * @param action the action
   * @param items the arguments, iterated once on a thread of the pool; may be empty
   * @return a result whose values are all null; its outcomes tell how each item fared
   */
  default <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object>
      MapResult<@Nullable Void> starForEachAsync(
          Action5<? super A, ? super B, ? super C, ? super D, ? super E> action,
          Iterable<? extends Args5<? extends A, ? extends B, ? extends C, ? extends D, ? extends E>>
              items) {
    return mapAsync(
        Tasks.<A, B, C, D, E, @Nullable Void>spread(Tasks.<A, B, C, D, E>of(action)), items);
  }

  /**
   * Runs an action with each tuple of six arguments; returns at once.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param <D> the type of the fourth argument
   * @param <E> the type of the fifth argument
   * @param <F> the type of the sixth argument
   * @param action the action
   * @param items the arguments, iterated once on a thread of the pool; may be empty
   * @return a result whose values are all null; its outcomes tell how each item fared
   */
  default <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          F extends @Nullable Object>
      MapResult<@Nullable Void> starForEachAsync(
          Action6<? super A, ? super B, ? super C, ? super D, ? super E, ? super F> action,
          Iterable<
                  ? extends
                      Args6<
                          ? extends A,
                          ? extends B,
                          ? extends C,
                          ? extends D,
                          ? extends E,
                          ? extends F>>
              items) {
    return mapAsync(
        Tasks.<A, B, C, D, E, F, @Nullable Void>spread(Tasks.<A, B, C, D, E, F>of(action)), items);
  }

  // ---------------------------------------------------------------- the pool itself

  /**
   * Gives a view of this pool whose calls use other options. The view shares the pool's workers and
   * life: shutting down one shuts down all.
   *
   * @param options the options of the view's calls, instead of this view's
   * @return the view
   */
  Pool with(TaskOptions options);

  /**
   * Gives a view of this pool whose calls use another time limit of an item: short for {@code
   * with(options().timeout(limit))}.
   *
   * @param limit how long one item may run
   * @return the view
   * @throws IllegalArgumentException if {@code limit} is not positive
   * @see TaskOptions#timeout(Duration)
   * @since 0.2.0
   */
  default Pool withTimeout(Duration limit) {
    return with(options().timeout(limit));
  }

  /**
   * Gives a view of this pool whose calls use another retry policy: short for {@code
   * with(options().retry(policy))}.
   *
   * @param policy which items are tried again
   * @return the view
   * @see TaskOptions#retry(RetryPolicy)
   * @since 0.2.0
   */
  default Pool withRetry(RetryPolicy policy) {
    return with(options().retry(policy));
  }

  /**
   * Gives a view of this pool whose calls use another chunk size: short for {@code
   * with(options().chunkSize(items))}.
   *
   * @param items how many items are sent to a worker at a time
   * @return the view
   * @throws IllegalArgumentException if {@code items} is not positive
   * @see TaskOptions#chunkSize(int)
   * @since 0.2.0
   */
  default Pool withChunkSize(int items) {
    return with(options().chunkSize(items));
  }

  /**
   * Gives a view of this pool whose calls use another look-ahead: short for {@code
   * with(options().lookAhead(items))}.
   *
   * @param items how many items of a stream may be between source and consumer
   * @return the view
   * @throws IllegalArgumentException if {@code items} is not positive
   * @see TaskOptions#lookAhead(int)
   * @since 0.2.0
   */
  default Pool withLookAhead(int items) {
    return with(options().lookAhead(items));
  }

  /**
   * Gives a view of this pool whose calls use another label: short for {@code
   * with(options().label(name))}.
   *
   * @param name a name for the calls, for messages
   * @return the view
   * @see TaskOptions#label(String)
   * @since 0.2.0
   */
  default Pool withLabel(String name) {
    return with(options().label(name));
  }

  /**
   * Gives a view of this pool whose calls use another priority: short for {@code
   * with(options().priority(level))}.
   *
   * @param level higher goes first; 0 is that of other calls
   * @return the view
   * @see TaskOptions#priority(int)
   * @since 0.2.0
   */
  default Pool withPriority(int level) {
    return with(options().priority(level));
  }

  /**
   * Gives the options that this view's calls use.
   *
   * @return the options; {@link TaskOptions#defaults()} unless set by {@link #with}
   */
  TaskOptions options();

  /**
   * Makes a value available to all workers and sends it to each of them once, however many tasks
   * use it. A primitive array of any size is copied straight from a file; a buffer of {@code
   * java.nio} (its elements from position to limit) is not copied at all: all workers see the same
   * pages of memory, and each {@link Shared#get()} gives a read-only view of its own.
   *
   * <p>The value is kept as long as the handle is in use, and no longer than it is {@linkplain
   * Shared#close() closed}. An interrupt of the caller's thread has no effect, and stands.
   *
   * @param <T> the type of the value
   * @param value the value; serializable or a buffer of at most 2 GB; may be null
   * @return a handle to capture in a task or to pass as an argument
   * @throws TaskSerializationException if the value can't be serialized
   * @throws java.io.UncheckedIOException if it can't be written to the temporary directory, as when
   *     that is full
   * @throws java.util.concurrent.RejectedExecutionException if the pool was shut down or terminated
   * @throws PoolBrokenException if the pool is broken
   */
  <T extends @Nullable Object> Shared<T> share(T value);

  /**
   * Describes each worker as it is now.
   *
   * @return a snapshot, ordered by worker number
   */
  List<WorkerInfo> workers();

  /**
   * Gives a snapshot of this pool and what it has counted: its state, the workers and what each
   * runs, the calls under way and how far each has come, items by outcome, how long they ran and
   * waited. Works after the end of the pool, and when it is broken. Costs the pool a few
   * microseconds; waits for it for a moment, whether this thread is interrupted or not. Workers are
   * missing if the pool does not answer within 5 seconds, as when this program has no memory left.
   *
   * @return the snapshot
   * @throws UnsupportedOperationException by default, for pools of others that don't count
   * @since 0.2.0
   */
  default PoolStats stats() {
    throw new UnsupportedOperationException(
        getClass().getName() + " has no statistics: it does not override Pool.stats()");
  }

  /**
   * Tells whether this pool can't go on, as since its workers don't start: every call fails with
   * {@link PoolBrokenException}. Goes from false to true once, never back.
   *
   * @return whether it is broken
   * @throws UnsupportedOperationException by default, for pools of others that don't tell
   * @since 0.2.0
   */
  default boolean isBroken() {
    return stats().isBroken();
  }

  /**
   * Tells an observer what happens in this pool from now on. One that is to know all is given to
   * the pool's builder instead.
   *
   * <p>What {@link PoolObserver} promises holds but for what began before: calls that are under way
   * end, and their items do, without having begun. The observer is told the pool's state at once,
   * and may be told that state a second time.
   *
   * @param observer whom to tell
   * @return ends the telling when it is closed; the end of the pool ends it too
   * @throws UnsupportedOperationException by default, for pools of others that tell nobody
   * @since 0.2.0
   */
  default PoolObserver.Registration observe(PoolObserver observer) {
    throw new UnsupportedOperationException(
        getClass().getName() + " tells nobody: it does not override Pool.observe()");
  }

  /**
   * Cancels a call by its number, which {@link #stats()} and {@linkplain PoolEvent.Call events}
   * have: for those who look after a pool whose calls others have made. It is cancelled as by
   * {@link AsyncResult#cancel cancel(true)}: items not started never start, those that run are
   * interrupted, then killed. Of a stream the results that are there are still given, then {@code
   * next()} throws {@link java.util.concurrent.CancellationException}.
   *
   * @param call the number
   * @return whether it was under way
   * @throws UnsupportedOperationException by default, for pools of others
   * @since 0.2.0
   */
  default boolean cancelCall(long call) {
    throw new UnsupportedOperationException(
        getClass().getName() + " does not override Pool.cancelCall()");
  }

  /**
   * Changes the number of workers while tasks run. Surplus workers end after the items that they
   * have begun.
   *
   * @param workers the new number
   * @throws IllegalArgumentException if {@code workers} is not positive
   */
  void resize(int workers);

  /**
   * Has all workers start now, not with the first calls, and returns at once. Those that end while
   * they are idle are replaced when there is work for them. Does nothing where workers take no time
   * to start.
   *
   * <pre>{@code
   * Pool pool = ProcessPool.create();
   * pool.prestart(); // the workers start while the program reads its input
   * }</pre>
   *
   * @throws java.util.concurrent.RejectedExecutionException if the pool is shut down
   */
  void prestart();

  /**
   * Gives an executor service that runs its tasks in this pool's workers.
   *
   * <p>{@code Runnable}s and {@code Callable}s must be serializable, with all that they capture,
   * and must not be futures: each method refuses others at once with {@link
   * java.util.concurrent.RejectedExecutionException}, {@code invokeAll} and {@code invokeAny}
   * before any of their tasks runs. So it suits no library that wraps its tasks in objects of its
   * own, such as {@code CompletableFuture.supplyAsync} or Spring's {@code @Async}: there call
   * {@code pool.applyAsync(f, a).toCompletableFuture()}.
   *
   * <p>It shares the pool's life: its {@code shutdown()} is this pool's {@link #shutdown()}, its
   * {@code shutdownNow()} is {@link #terminate()}, its {@code close()}, from JDK 19, is {@link
   * #close()}.
   *
   * @return the executor service
   */
  ExecutorService asExecutorService();

  /**
   * Refuses calls from now on. Those made before go on. Returns at once; a second call does
   * nothing.
   */
  void shutdown();

  /**
   * Waits for all tasks, then for their callbacks, then for every worker to be gone.
   *
   * @throws IllegalStateException if neither {@link #shutdown()} nor {@link #terminate()} was
   *     called before
   * @throws InterruptedException if this thread was interrupted; nothing is cancelled
   */
  void join() throws InterruptedException;

  /**
   * Waits as {@link #join()} does, but at most so long.
   *
   * @param timeout the longest time to wait
   * @return whether everything ended in time
   * @throws IllegalStateException if neither {@link #shutdown()} nor {@link #terminate()} was
   *     called before
   * @throws InterruptedException if this thread was interrupted; nothing is cancelled
   */
  boolean join(Duration timeout) throws InterruptedException;

  /**
   * Stops at once: running tasks are killed with their workers, unfinished results complete as
   * cancelled. Returns at once; a second call does nothing.
   */
  void terminate();

  /**
   * Ends the pool as it was told when it was built: see {@link OnClose}. That is {@link
   * #shutdown()} and {@link #join()}, which a task that hangs keeps from ever ending; {@link
   * #terminate()} and {@link #join()} with {@link OnClose#TERMINATE}; {@link #close(Duration)} with
   * {@link OnClose#joinAtMost}. If the waiting thread is interrupted, the pool is terminated and
   * the thread's interrupt status set, as {@code ExecutorService.close()} does. A second call does
   * nothing.
   */
  @Override
  void close();

  /**
   * Ends the pool within a limit: refuses calls from now on and waits for those made before, but at
   * most so long; then it terminates the pool as {@link #terminate()} does, so that unfinished
   * results complete as cancelled, and waits for the workers to be gone and for callbacks to
   * return, ten seconds at most. If the waiting thread is interrupted, the pool is terminated at
   * once and the thread's interrupt status set.
   *
   * <p>Of several threads that close a pool at the same time, the one with the shortest limit ends
   * it for all of them.
   *
   * @param limit the longest time to wait; zero or less to terminate at once
   * @return whether everything had ended before the limit
   * @since 0.2.0
   */
  boolean close(Duration limit);

  /**
   * Tells whether calls are refused.
   *
   * @return true after {@link #shutdown()}, {@link #terminate()} or {@link #close()}
   */
  boolean isShutdown();

  /**
   * Tells whether all tasks, callbacks and workers have ended after a shutdown.
   *
   * @return true if {@link #join()} would return at once
   */
  boolean isTerminated();
}
