package dev.procpool.cli.task;

import dev.procpool.WorkerContext;
import dev.procpool.cli.binding.Conversion;
import dev.procpool.cli.binding.Mode;
import dev.procpool.cli.binding.Target;
import dev.procpool.cli.message.StackText;
import dev.procpool.cli.reply.ItemFailedException;
import dev.procpool.cli.reply.ItemRetryException;
import dev.procpool.cli.reply.Reply;
import dev.procpool.cli.reply.ReplyForm;
import dev.procpool.cli.row.InvalidRowException;
import dev.procpool.cli.row.RowForm;
import dev.procpool.cli.value.JsonConverter;
import dev.procpool.cli.value.JsonText;
import dev.procpool.cli.value.NoJsonFormException;
import dev.procpool.codec.InitFailure;
import dev.procpool.function.Task1;
import dev.procpool.guard.SafeText;
import java.io.Serializable;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The call of one method, named so that any worker can find it: converts a row, calls, and writes
 * the value as JSON, so that neither arguments nor values need to be serializable.
 *
 * <p>The method is looked up once in each worker: by {@link #prepare}, as a worker process's
 * initializer, so that what the target's class and constructor do counts against no item's limit;
 * else by the first call. Thread-safe if the method is: a receiver is shared by the calls in one
 * worker.
 */
public final class MethodTask implements Task1<String, String> {

  /**
   * How many characters of what an item has printed are thrown with its failure. Of a value the
   * pool counts how much waits for a consumer, of an exception not.
   */
  private static final int MOST_THROWN = 4096;

  private static final long serialVersionUID = 1L;

  private final String className;
  private final String declaringName;
  private final String methodName;
  private final List<String> parameterTypes;
  private final boolean unbound;
  private final Mode mode;
  private final List<String> header;
  private final boolean byPosition;
  private final Extras extras;
  private transient volatile @Nullable Call call;

  /** What the initializer of this process has made; null where none ran. */
  private static volatile @Nullable Call prepared;

  /** The method as found in this JVM. */
  private record Call(Target target, @Nullable Object receiver, Conversion conversion) {

    Object invoke(Object[] arguments) throws ReflectiveOperationException {
      return target.unbound()
          ? target.method().invoke(arguments[0], Arrays.copyOfRange(arguments, 1, arguments.length))
          : target.method().invoke(receiver, arguments);
    }
  }

  /**
   * What a worker calls first, what a reply is to have besides the value, and when there is to be
   * one. Immutable.
   *
   * @param init what a worker process calls before it makes the target ready; null for nothing
   * @param stacks whether failures have their stack traces
   * @param capture whether replies have what the item printed
   * @param moreAttempts how many failures of an item are for the pool, which tries it again
   * @param failuresAreThrown whether the pool is to know of failures, as its live page shows them
   */
  public record Extras(
      @Nullable InitMethod init,
      boolean stacks,
      boolean capture,
      int moreAttempts,
      boolean failuresAreThrown)
      implements Serializable {}

  /**
   * Makes the task of a run.
   *
   * @param target what is called
   * @param mode whether a row is spread
   * @param header the columns' names; empty if there is no header
   * @param byPosition whether the names mean nothing
   * @param extras what a reply is to have besides the value
   */
  public MethodTask(
      Target target, Mode mode, List<String> header, boolean byPosition, Extras extras) {
    Method method = target.method();
    this.className = target.owner().getName();
    this.declaringName = method.getDeclaringClass().getName();
    this.unbound = target.unbound();
    this.byPosition = byPosition;
    this.methodName = method.getName();
    this.parameterTypes = Arrays.stream(method.getParameterTypes()).map(Class::getName).toList();
    this.mode = mode;
    this.header = List.copyOf(header);
    this.extras = extras;
  }

  /**
   * Runs an item.
   *
   * @param row the row, as {@link RowForm} writes it
   * @return the reply, as {@link ReplyForm} writes it
   * @throws ItemFailedException with the reply, if it is of a failure of which the pool is to know
   */
  @Override
  public String call(String row) throws Exception {
    Call target = call;
    if (target == null) {
      target = prepared;
      target = target == null ? find() : target;
      call = target;
    }
    Object[] arguments;
    try {
      arguments = target.conversion().of(RowForm.read(row));
    } catch (InvalidRowException e) {
      return ReplyForm.write(told(Reply.invalid(e), e));
    }
    return ReplyForm.write(
        extras.capture() ? invokeCapturing(target, arguments) : invoke(target, arguments));
  }

  private Reply invokeCapturing(Call target, Object... arguments) throws Exception {
    CapturedOutput captured = CapturedOutput.begin();
    @Nullable Reply reply = null;
    @Nullable ItemFailedException failure = null;
    String printed;
    try {
      reply = invoke(target, arguments);
    } catch (ItemFailedException e) {
      failure = e;
    } finally {
      printed = captured.end();
    }
    if (failure != null) {
      Reply whole = failure.reply().withPrinted(printed);
      if (printed.length() > MOST_THROWN) {
        return whole;
      }
      throw new ItemFailedException(whole, failure.getStackTrace());
    }
    return Objects.requireNonNull(reply).withPrinted(printed);
  }

  private Reply invoke(Call target, Object... arguments) throws Exception {
    try {
      return Reply.ok(JsonConverter.write(target.invoke(arguments)));
    } catch (NoJsonFormException e) {
      return told(Reply.withoutJson(e, extras.stacks() ? StackText.of(e) : null), e);
    } catch (InvocationTargetException e) {
      return failed(InitFailure.explained(e.getTargetException()));
    }
  }

  /** Makes the target ready: the initializer of a worker process, which runs one target only. */
  public void prepare() throws ReflectiveOperationException, NoJsonFormException {
    if (extras.init() != null) {
      extras.init().run();
    }
    Call found = find();
    if (!JsonText.isAlwaysPlain(found.target().method().getReturnType())) {
      JsonConverter.write(List.of()); // loads what writes all other values
    }
    prepared = found;
  }

  /**
   * A failure is an answer like any other, unless the pool is to know of it; but one that ends the
   * worker, or the interrupt of an item that is being stopped, is the pool's to report.
   */
  private Reply failed(Throwable failure) throws Exception {
    if (failure instanceof VirtualMachineError error && !(error instanceof StackOverflowError)) {
      throw error;
    }
    if (WorkerContext.current().isCancelled() && failure instanceof Exception stopped) {
      if (extras.capture()) {
        return Reply.failed(failure, null); // what it printed becomes part of the outcome
      }
      throw stopped;
    }
    Reply reply = Reply.failed(failure, extras.stacks() ? StackText.of(failure) : null);
    if (extras.moreAttempts() > 0 && WorkerContext.current().attempt() <= extras.moreAttempts()) {
      throw new ItemRetryException(reply.what());
    }
    return told(reply, failure);
  }

  private Reply told(Reply reply, Throwable why) throws ItemFailedException {
    if (extras.failuresAreThrown()) {
      throw new ItemFailedException(reply, SafeText.stackTrace(why));
    }
    return reply;
  }

  private Call find() throws ReflectiveOperationException {
    ClassLoader loader = TargetLoader.of(className);
    Class<?> owner = initialized(loader);
    Method found =
        Arrays.stream(Class.forName(declaringName, true, loader).getDeclaredMethods())
            .filter(m -> m.getName().equals(methodName) && !m.isSynthetic())
            .filter(m -> names(m).equals(parameterTypes))
            .findFirst()
            .orElseThrow(() -> new NoSuchMethodException(className + "::" + methodName));
    Target target = new Target(found, owner, unbound);
    Object receiver = target.needsObject() ? newReceiver(owner) : null;
    found.trySetAccessible(); // the resolver has seen that it can be called
    return new Call(target, receiver, new Conversion(target, mode, header, byPosition));
  }

  private static List<String> names(Method method) {
    return Arrays.stream(method.getParameterTypes()).map(Class::getName).toList();
  }

  private Class<?> initialized(ClassLoader loader) throws ClassNotFoundException {
    try {
      return Class.forName(className, true, loader);
    } catch (Error e) { // a static initializer may throw any
      throw TargetFailedException.initialization(className, e);
    }
  }

  private Object newReceiver(Class<?> owner) throws ReflectiveOperationException {
    Constructor<?> constructor = owner.getDeclaredConstructor();
    constructor.setAccessible(true);
    try {
      return constructor.newInstance();
    } catch (InvocationTargetException e) {
      throw TargetFailedException.constructor(className, e.getTargetException());
    }
  }
}
