package dev.procpool.function;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Adapters between tasks and actions of several arguments and tasks of one.
 *
 * <p>{@code starmap} is {@code map} over {@link #spread}, {@code forEach} is {@code map} over
 * {@link #of}.
 */
public final class Tasks {

  private Tasks() {}

  /**
   * Makes a task that ignores its argument from a task without arguments.
   *
   * @param <R> the type of the result
   * @param task the task to call with the tuple's components
   * @return a task that can be serialized whenever {@code task} can
   */
  public static <R extends @Nullable Object> Task1<@Nullable Object, R> spread(
      Task0<? extends R> task) {
    return new Spread0<>(Objects.requireNonNull(task, "task"));
  }

  /**
   * Makes a task of one tuple from a task of two arguments.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <R> the type of the result
   * @param task the task to call with the tuple's components
   * @return a task that can be serialized whenever {@code task} can
   */
  public static <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      Task1<Args2<? extends A, ? extends B>, R> spread(
          Task2<? super A, ? super B, ? extends R> task) {
    return new Spread2<>(Objects.requireNonNull(task, "task"));
  }

  /**
   * Makes a task of one tuple from a task of three arguments.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param <R> the type of the result
   * @param task the task to call with the tuple's components
   * @return a task that can be serialized whenever {@code task} can
   */
  public static <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      Task1<Args3<? extends A, ? extends B, ? extends C>, R> spread(
          Task3<? super A, ? super B, ? super C, ? extends R> task) {
    return new Spread3<>(Objects.requireNonNull(task, "task"));
  }

  /**
   * Makes a task of one tuple from a task of four arguments.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param <D> the type of the fourth argument
   * @param <R> the type of the result
   * @param task the task to call with the tuple's components
   * @return a task that can be serialized whenever {@code task} can
   */
  public static <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      Task1<Args4<? extends A, ? extends B, ? extends C, ? extends D>, R> spread(
          Task4<? super A, ? super B, ? super C, ? super D, ? extends R> task) {
    return new Spread4<>(Objects.requireNonNull(task, "task"));
  }

  /**
   * Makes a task of one tuple from a task of five arguments.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param <D> the type of the fourth argument
   * @param <E> the type of the fifth argument
   * @param <R> the type of the result
   * @param task the task to call with the tuple's components
   * @return a task that can be serialized whenever {@code task} can
   */
  public static <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          R extends @Nullable Object>
      Task1<Args5<? extends A, ? extends B, ? extends C, ? extends D, ? extends E>, R> spread(
          Task5<? super A, ? super B, ? super C, ? super D, ? super E, ? extends R> task) {
    return new Spread5<>(Objects.requireNonNull(task, "task"));
  }

  /**
   * Makes a task of one tuple from a task of six arguments.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param <D> the type of the fourth argument
   * @param <E> the type of the fifth argument
   * @param <F> the type of the sixth argument
   * @param <R> the type of the result
   * @param task the task to call with the tuple's components
   * @return a task that can be serialized whenever {@code task} can
   */
  public static <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          F extends @Nullable Object,
          R extends @Nullable Object>
      Task1<Args6<? extends A, ? extends B, ? extends C, ? extends D, ? extends E, ? extends F>, R>
          spread(
              Task6<? super A, ? super B, ? super C, ? super D, ? super E, ? super F, ? extends R>
                  task) {
    return new Spread6<>(Objects.requireNonNull(task, "task"));
  }

  /**
   * Makes a task that returns null from an action of no arguments.
   *
   * @param action the action to run
   * @return a task that can be serialized whenever {@code action} can
   */
  public static Task0<@Nullable Void> of(Action0 action) {
    return new Returning0(Objects.requireNonNull(action, "action"));
  }

  /**
   * Makes a task that returns null from an action of one argument.
   *
   * @param <A> the type of the first argument
   * @param action the action to run
   * @return a task that can be serialized whenever {@code action} can
   */
  public static <A extends @Nullable Object> Task1<A, @Nullable Void> of(
      Action1<? super A> action) {
    return new Returning1<>(Objects.requireNonNull(action, "action"));
  }

  /**
   * Makes a task that returns null from an action of two arguments.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param action the action to run
   * @return a task that can be serialized whenever {@code action} can
   */
  public static <A extends @Nullable Object, B extends @Nullable Object>
      Task2<A, B, @Nullable Void> of(Action2<? super A, ? super B> action) {
    return new Returning2<>(Objects.requireNonNull(action, "action"));
  }

  /**
   * Makes a task that returns null from an action of three arguments.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param action the action to run
   * @return a task that can be serialized whenever {@code action} can
   */
  public static <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>
      Task3<A, B, C, @Nullable Void> of(Action3<? super A, ? super B, ? super C> action) {
    return new Returning3<>(Objects.requireNonNull(action, "action"));
  }

  /**
   * Makes a task that returns null from an action of four arguments.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param <D> the type of the fourth argument
   * @param action the action to run
   * @return a task that can be serialized whenever {@code action} can
   */
  public static <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object>
      Task4<A, B, C, D, @Nullable Void> of(
          Action4<? super A, ? super B, ? super C, ? super D> action) {
    return new Returning4<>(Objects.requireNonNull(action, "action"));
  }

  /**
   * Makes a task that returns null from an action of five arguments.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param <D> the type of the fourth argument
   * @param <E> the type of the fifth argument
   * @param action the action to run
   * @return a task that can be serialized whenever {@code action} can
   */
  public static <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object>
      Task5<A, B, C, D, E, @Nullable Void> of(
          Action5<? super A, ? super B, ? super C, ? super D, ? super E> action) {
    return new Returning5<>(Objects.requireNonNull(action, "action"));
  }

  /**
   * Makes a task that returns null from an action of six arguments.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param <D> the type of the fourth argument
   * @param <E> the type of the fifth argument
   * @param <F> the type of the sixth argument
   * @param action the action to run
   * @return a task that can be serialized whenever {@code action} can
   */
  public static <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          F extends @Nullable Object>
      Task6<A, B, C, D, E, F, @Nullable Void> of(
          Action6<? super A, ? super B, ? super C, ? super D, ? super E, ? super F> action) {
    return new Returning6<>(Objects.requireNonNull(action, "action"));
  }

  /**
   * Gives what an adapter made here calls; for backends, which look for the class of the user's
   * task.
   *
   * @param task a task
   * @return the innermost task or action; {@code task} itself if it is no adapter
   */
  public static Object target(Object task) {
    Object target = task;
    while (target instanceof TaskAdapter adapter) {
      target = adapter.target();
    }
    return target;
  }

  /** What an action gives: null, which a result may be, as the analyser can't see. */
  @SuppressWarnings("NullAway")
  private static Void nothing() {
    return null;
  }

  // The adapters are ordinary classes, no records: to read its first record a worker takes longer
  // than to run it.

  private static final class Spread0<R extends @Nullable Object>
      implements Task1<@Nullable Object, R>, TaskAdapter {
    private static final long serialVersionUID = 1L;

    private final Task0<? extends R> task;

    Spread0(Task0<? extends R> task) {
      this.task = task;
    }

    @Override
    public Object target() {
      return task;
    }

    @Override
    public R call(@Nullable Object ignored) throws Exception {
      return task.call();
    }
  }

  private static final class Spread2<
          A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      implements Task1<Args2<? extends A, ? extends B>, R>, TaskAdapter {
    private static final long serialVersionUID = 1L;

    private final Task2<? super A, ? super B, ? extends R> task;

    Spread2(Task2<? super A, ? super B, ? extends R> task) {
      this.task = task;
    }

    @Override
    public Object target() {
      return task;
    }

    @Override
    public R call(Args2<? extends A, ? extends B> args) throws Exception {
      return task.call(args.first(), args.second());
    }
  }

  private static final class Spread3<
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      implements Task1<Args3<? extends A, ? extends B, ? extends C>, R>, TaskAdapter {
    private static final long serialVersionUID = 1L;

    private final Task3<? super A, ? super B, ? super C, ? extends R> task;

    Spread3(Task3<? super A, ? super B, ? super C, ? extends R> task) {
      this.task = task;
    }

    @Override
    public Object target() {
      return task;
    }

    @Override
    public R call(Args3<? extends A, ? extends B, ? extends C> args) throws Exception {
      return task.call(args.first(), args.second(), args.third());
    }
  }

  private static final class Spread4<
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          R extends @Nullable Object>
      implements Task1<Args4<? extends A, ? extends B, ? extends C, ? extends D>, R>, TaskAdapter {
    private static final long serialVersionUID = 1L;

    private final Task4<? super A, ? super B, ? super C, ? super D, ? extends R> task;

    Spread4(Task4<? super A, ? super B, ? super C, ? super D, ? extends R> task) {
      this.task = task;
    }

    @Override
    public Object target() {
      return task;
    }

    @Override
    public R call(Args4<? extends A, ? extends B, ? extends C, ? extends D> args) throws Exception {
      return task.call(args.first(), args.second(), args.third(), args.fourth());
    }
  }

  private static final class Spread5<
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          R extends @Nullable Object>
      implements Task1<Args5<? extends A, ? extends B, ? extends C, ? extends D, ? extends E>, R>,
          TaskAdapter {
    private static final long serialVersionUID = 1L;

    private final Task5<? super A, ? super B, ? super C, ? super D, ? super E, ? extends R> task;

    Spread5(Task5<? super A, ? super B, ? super C, ? super D, ? super E, ? extends R> task) {
      this.task = task;
    }

    @Override
    public Object target() {
      return task;
    }

    @Override
    public R call(Args5<? extends A, ? extends B, ? extends C, ? extends D, ? extends E> args)
        throws Exception {
      return task.call(args.first(), args.second(), args.third(), args.fourth(), args.fifth());
    }
  }

  private static final class Spread6<
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          F extends @Nullable Object,
          R extends @Nullable Object>
      implements Task1<
              Args6<? extends A, ? extends B, ? extends C, ? extends D, ? extends E, ? extends F>,
              R>,
          TaskAdapter {
    private static final long serialVersionUID = 1L;

    private final Task6<
            ? super A, ? super B, ? super C, ? super D, ? super E, ? super F, ? extends R>
        task;

    Spread6(
        Task6<? super A, ? super B, ? super C, ? super D, ? super E, ? super F, ? extends R> task) {
      this.task = task;
    }

    @Override
    public Object target() {
      return task;
    }

    @Override
    public R call(
        Args6<? extends A, ? extends B, ? extends C, ? extends D, ? extends E, ? extends F> args)
        throws Exception {
      return task.call(
          args.first(), args.second(), args.third(), args.fourth(), args.fifth(), args.sixth());
    }
  }

  private static final class Returning0 implements Task0<@Nullable Void>, TaskAdapter {
    private static final long serialVersionUID = 1L;

    private final Action0 action;

    Returning0(Action0 action) {
      this.action = action;
    }

    @Override
    public Object target() {
      return action;
    }

    @Override
    public Void call() throws Exception {
      action.run();
      return nothing();
    }
  }

  private static final class Returning1<A extends @Nullable Object>
      implements Task1<A, @Nullable Void>, TaskAdapter {
    private static final long serialVersionUID = 1L;

    private final Action1<? super A> action;

    Returning1(Action1<? super A> action) {
      this.action = action;
    }

    @Override
    public Object target() {
      return action;
    }

    @Override
    public Void call(A a) throws Exception {
      action.run(a);
      return nothing();
    }
  }

  private static final class Returning2<A extends @Nullable Object, B extends @Nullable Object>
      implements Task2<A, B, @Nullable Void>, TaskAdapter {
    private static final long serialVersionUID = 1L;

    private final Action2<? super A, ? super B> action;

    Returning2(Action2<? super A, ? super B> action) {
      this.action = action;
    }

    @Override
    public Object target() {
      return action;
    }

    @Override
    public Void call(A a, B b) throws Exception {
      action.run(a, b);
      return nothing();
    }
  }

  private static final class Returning3<
          A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>
      implements Task3<A, B, C, @Nullable Void>, TaskAdapter {
    private static final long serialVersionUID = 1L;

    private final Action3<? super A, ? super B, ? super C> action;

    Returning3(Action3<? super A, ? super B, ? super C> action) {
      this.action = action;
    }

    @Override
    public Object target() {
      return action;
    }

    @Override
    public Void call(A a, B b, C c) throws Exception {
      action.run(a, b, c);
      return nothing();
    }
  }

  private static final class Returning4<
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object>
      implements Task4<A, B, C, D, @Nullable Void>, TaskAdapter {
    private static final long serialVersionUID = 1L;

    private final Action4<? super A, ? super B, ? super C, ? super D> action;

    Returning4(Action4<? super A, ? super B, ? super C, ? super D> action) {
      this.action = action;
    }

    @Override
    public Object target() {
      return action;
    }

    @Override
    public Void call(A a, B b, C c, D d) throws Exception {
      action.run(a, b, c, d);
      return nothing();
    }
  }

  private static final class Returning5<
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object>
      implements Task5<A, B, C, D, E, @Nullable Void>, TaskAdapter {
    private static final long serialVersionUID = 1L;

    private final Action5<? super A, ? super B, ? super C, ? super D, ? super E> action;

    Returning5(Action5<? super A, ? super B, ? super C, ? super D, ? super E> action) {
      this.action = action;
    }

    @Override
    public Object target() {
      return action;
    }

    @Override
    public Void call(A a, B b, C c, D d, E e) throws Exception {
      action.run(a, b, c, d, e);
      return nothing();
    }
  }

  private static final class Returning6<
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          D extends @Nullable Object,
          E extends @Nullable Object,
          F extends @Nullable Object>
      implements Task6<A, B, C, D, E, F, @Nullable Void>, TaskAdapter {
    private static final long serialVersionUID = 1L;

    private final Action6<? super A, ? super B, ? super C, ? super D, ? super E, ? super F> action;

    Returning6(Action6<? super A, ? super B, ? super C, ? super D, ? super E, ? super F> action) {
      this.action = action;
    }

    @Override
    public Object target() {
      return action;
    }

    @Override
    public Void call(A a, B b, C c, D d, E e, F f) throws Exception {
      action.run(a, b, c, d, e, f);
      return nothing();
    }
  }
}
