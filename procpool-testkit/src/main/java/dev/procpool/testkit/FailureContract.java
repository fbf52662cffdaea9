package dev.procpool.testkit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.procpool.AsyncResult;
import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.function.Task0;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Section 5 of the contract: a task that throws. */
public abstract class FailureContract extends ContractTest {

  /** For subclasses. */
  protected FailureContract() {}

  @Test
  void theExceptionKeepsClassMessageCauseSuppressedAndTheWorkersStack() {
    Throwable failure = failureOf(FailureContract::throwRich);
    assertThat(failure).isExactlyInstanceOf(OrderRejected.class).hasMessage("order 17");
    assertThat(((OrderRejected) failure).order).isEqualTo(17);
    assertThat(failure.getCause())
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("the connection broke");
    assertThat(failure.getSuppressed()).hasSize(1);
    assertThat(failure.getSuppressed()[0])
        .isExactlyInstanceOf(IllegalStateException.class)
        .hasMessage("while closing");
    assertThat(failure.getStackTrace()[0].getMethodName()).isEqualTo("throwRich");
    assertThat(failure.getStackTrace()[0].getClassName())
        .isEqualTo(FailureContract.class.getName());
    assertThat(methods(requireNonNull(failure.getCause()))).contains("throwRich");
  }

  @Test
  void anErrorIsAFailureLikeAnyOther() throws Exception {
    Pool pool = pool(1);
    MapResult<Object> result =
        pool.mapAsync(FailureContract::throwError, List.of("assertion", "stack", "linkage"));
    List<Outcome<Object>> outcomes = result.outcomes();
    assertThat(outcomes.get(0).failure().orElseThrow())
        .isExactlyInstanceOf(AssertionError.class)
        .hasMessage("wrong");
    assertThat(outcomes.get(1).failure().orElseThrow()).isInstanceOf(StackOverflowError.class);
    assertThat(outcomes.get(2).failure().orElseThrow())
        .isExactlyInstanceOf(NoClassDefFoundError.class);
    assertThat(outcomes).allMatch(outcome -> outcome instanceof Outcome.Failure);
    assertThat(pool.apply(() -> 1)).isEqualTo(1);
  }

  @Test
  void wrappersOfTheTasksOwnAreFailuresLikeAnyOther() {
    assertThat(
            failureOf(
                () -> {
                  throw new ExecutionException("mine", new IOException("inner"));
                }))
        .isExactlyInstanceOf(ExecutionException.class)
        .hasMessage("mine")
        .hasCauseExactlyInstanceOf(IOException.class);
    assertThat(
            failureOf(
                () -> {
                  throw new CompletionException("mine", null);
                }))
        .isExactlyInstanceOf(CompletionException.class);
    assertThat(
            failureOf(
                () -> {
                  throw new InterruptedException("mine");
                }))
        .isExactlyInstanceOf(InterruptedException.class);
  }

  @Test
  void aCancellationExceptionOfTheTasksOwnIsAFailureAndNoCancellation() throws Exception {
    AsyncResult<Object> result =
        pool(1)
            .applyAsync(
                () -> {
                  throw new CancellationException("mine");
                });
    result.await();
    assertThat(result.isCancelled()).isFalse();
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(result::get)
        .havingCause()
        .isExactlyInstanceOf(CancellationException.class)
        .withMessage("mine");
  }

  @Test
  void anExceptionWithoutMessageOrStackCrosses() {
    Throwable failure =
        failureOf(
            () -> {
              throw new Bare();
            });
    assertThat(failure).isExactlyInstanceOf(Bare.class).hasMessage(null);
  }

  @Test
  void anExceptionWhoseCausesFormACycleCrosses() {
    Throwable failure = failureOf(FailureContract::throwCycle);
    assertThat(failure).isExactlyInstanceOf(IllegalStateException.class).hasMessage("first");
    assertThat(failure.getCause()).hasMessage("second");
  }

  @Test
  void eachItemHasItsOwnFailure() throws Exception {
    List<Outcome<Object>> outcomes =
        pool(2)
            .mapAsync(
                x -> {
                  throw new OrderRejected(x, null);
                },
                List.of(1, 2, 3))
            .outcomes();
    assertThat(outcomes)
        .extracting(outcome -> ((OrderRejected) outcome.failure().orElseThrow()).order)
        .containsExactly(1, 2, 3);
  }

  @Test
  void manyFailuresLeaveThePoolUsable() throws Exception {
    Pool pool = pool(2);
    MapResult<Object> result =
        pool.mapAsync(
            x -> {
              throw new IOException("item " + x);
            },
            IntStream.range(0, 500).boxed().toList());
    assertThat(result.outcomes()).hasSize(500).noneMatch(Outcome::isSuccess);
    assertThat(pool.map(x -> x, List.of(1, 2))).containsExactly(1, 2);
  }

  private Throwable failureOf(Task0<Object> task) {
    try {
      throw new AssertionError("expected a failure, got " + pool(1).apply(task));
    } catch (ExecutionException e) {
      return requireNonNull(e.getCause());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> methods(Throwable failure) {
    return Arrays.stream(failure.getStackTrace()).map(StackTraceElement::getMethodName).toList();
  }

  private static Object throwRich() throws OrderRejected {
    OrderRejected failure = new OrderRejected(17, new IOException("the connection broke"));
    failure.addSuppressed(new IllegalStateException("while closing"));
    throw failure;
  }

  private static Object throwCycle() {
    IllegalStateException first = new IllegalStateException("first");
    first.initCause(new IllegalStateException("second", first));
    throw first;
  }

  private static Object throwError(String which) {
    switch (which) {
      case "assertion":
        throw new AssertionError("wrong");
      case "stack":
        return depthOf(new Endless());
      default:
        throw new NoClassDefFoundError("com/acme/Missing");
    }
  }

  private static int depthOf(Iterable<?> nested) {
    int depth = 1;
    for (Object inner : nested) {
      depth += depthOf((Iterable<?>) inner);
    }
    return depth;
  }

  /** Contains itself. */
  private static final class Endless implements Iterable<Object> {
    @Override
    public Iterator<Object> iterator() {
      return List.<Object>of(this).iterator();
    }
  }

  /** An exception with a field of its own. */
  private static final class OrderRejected extends Exception {
    private static final long serialVersionUID = 1L;
    private final int order;

    OrderRejected(int order, @Nullable Throwable cause) {
      super("order " + order, cause);
      this.order = order;
    }
  }

  /** An exception that carries nothing at all. */
  private static final class Bare extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Bare() {
      super(null, null, false, false);
    }
  }
}
