package dev.procpool.function;

import java.util.Objects;

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
  public static <R> Task1<Object, R> spread(Task0<? extends R> task) {
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
  public static <A, B, R> Task1<Args2<? extends A, ? extends B>, R> spread(
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
  public static <A, B, C, R> Task1<Args3<? extends A, ? extends B, ? extends C>, R> spread(
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
  public static <A, B, C, D, R>
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
  public static <A, B, C, D, E, R>
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
  public static <A, B, C, D, E, F, R>
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
  public static Task0<Void> of(Action0 action) {
    return new Returning0(Objects.requireNonNull(action, "action"));
  }

  /**
   * Makes a task that returns null from an action of one argument.
   *
   * @param <A> the type of the first argument
   * @param action the action to run
   * @return a task that can be serialized whenever {@code action} can
   */
  public static <A> Task1<A, Void> of(Action1<? super A> action) {
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
  public static <A, B> Task2<A, B, Void> of(Action2<? super A, ? super B> action) {
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
  public static <A, B, C> Task3<A, B, C, Void> of(Action3<? super A, ? super B, ? super C> action) {
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
  public static <A, B, C, D> Task4<A, B, C, D, Void> of(
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
  public static <A, B, C, D, E> Task5<A, B, C, D, E, Void> of(
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
  public static <A, B, C, D, E, F> Task6<A, B, C, D, E, F, Void> of(
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
    while (target instanceof Adapter adapter) {
      target = adapter.target();
    }
    return target;
  }

  private interface Adapter {
    Object target();
  }

  private record Spread0<R>(Task0<? extends R> task) implements Task1<Object, R>, Adapter {
    @Override
    public Object target() {
      return task;
    }

    @Override
    public R call(Object ignored) throws Exception {
      return task.call();
    }
  }

  private record Spread2<A, B, R>(Task2<? super A, ? super B, ? extends R> task)
      implements Task1<Args2<? extends A, ? extends B>, R>, Adapter {
    @Override
    public Object target() {
      return task;
    }

    @Override
    public R call(Args2<? extends A, ? extends B> args) throws Exception {
      return task.call(args.first(), args.second());
    }
  }

  private record Spread3<A, B, C, R>(Task3<? super A, ? super B, ? super C, ? extends R> task)
      implements Task1<Args3<? extends A, ? extends B, ? extends C>, R>, Adapter {
    @Override
    public Object target() {
      return task;
    }

    @Override
    public R call(Args3<? extends A, ? extends B, ? extends C> args) throws Exception {
      return task.call(args.first(), args.second(), args.third());
    }
  }

  private record Spread4<A, B, C, D, R>(
      Task4<? super A, ? super B, ? super C, ? super D, ? extends R> task)
      implements Task1<Args4<? extends A, ? extends B, ? extends C, ? extends D>, R>, Adapter {
    @Override
    public Object target() {
      return task;
    }

    @Override
    public R call(Args4<? extends A, ? extends B, ? extends C, ? extends D> args) throws Exception {
      return task.call(args.first(), args.second(), args.third(), args.fourth());
    }
  }

  private record Spread5<A, B, C, D, E, R>(
      Task5<? super A, ? super B, ? super C, ? super D, ? super E, ? extends R> task)
      implements Task1<Args5<? extends A, ? extends B, ? extends C, ? extends D, ? extends E>, R>,
          Adapter {
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

  private record Spread6<A, B, C, D, E, F, R>(
      Task6<? super A, ? super B, ? super C, ? super D, ? super E, ? super F, ? extends R> task)
      implements Task1<
              Args6<? extends A, ? extends B, ? extends C, ? extends D, ? extends E, ? extends F>,
              R>,
          Adapter {
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

  private record Returning0(Action0 action) implements Task0<Void>, Adapter {
    @Override
    public Object target() {
      return action;
    }

    @Override
    public Void call() throws Exception {
      action.run();
      return null;
    }
  }

  private record Returning1<A>(Action1<? super A> action) implements Task1<A, Void>, Adapter {
    @Override
    public Object target() {
      return action;
    }

    @Override
    public Void call(A a) throws Exception {
      action.run(a);
      return null;
    }
  }

  private record Returning2<A, B>(Action2<? super A, ? super B> action)
      implements Task2<A, B, Void>, Adapter {
    @Override
    public Object target() {
      return action;
    }

    @Override
    public Void call(A a, B b) throws Exception {
      action.run(a, b);
      return null;
    }
  }

  private record Returning3<A, B, C>(Action3<? super A, ? super B, ? super C> action)
      implements Task3<A, B, C, Void>, Adapter {
    @Override
    public Object target() {
      return action;
    }

    @Override
    public Void call(A a, B b, C c) throws Exception {
      action.run(a, b, c);
      return null;
    }
  }

  private record Returning4<A, B, C, D>(Action4<? super A, ? super B, ? super C, ? super D> action)
      implements Task4<A, B, C, D, Void>, Adapter {
    @Override
    public Object target() {
      return action;
    }

    @Override
    public Void call(A a, B b, C c, D d) throws Exception {
      action.run(a, b, c, d);
      return null;
    }
  }

  private record Returning5<A, B, C, D, E>(
      Action5<? super A, ? super B, ? super C, ? super D, ? super E> action)
      implements Task5<A, B, C, D, E, Void>, Adapter {
    @Override
    public Object target() {
      return action;
    }

    @Override
    public Void call(A a, B b, C c, D d, E e) throws Exception {
      action.run(a, b, c, d, e);
      return null;
    }
  }

  private record Returning6<A, B, C, D, E, F>(
      Action6<? super A, ? super B, ? super C, ? super D, ? super E, ? super F> action)
      implements Task6<A, B, C, D, E, F, Void>, Adapter {
    @Override
    public Object target() {
      return action;
    }

    @Override
    public Void call(A a, B b, C c, D d, E e, F f) throws Exception {
      action.run(a, b, c, d, e, f);
      return null;
    }
  }
}
