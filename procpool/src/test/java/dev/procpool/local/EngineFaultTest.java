package dev.procpool.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.Outcome;
import dev.procpool.PoolBrokenException;
import dev.procpool.PoolStats;
import dev.procpool.TaskOptions;
import dev.procpool.WorkerEnd;
import dev.procpool.function.Task1;
import dev.procpool.local.settings.PoolSettings;
import dev.procpool.local.settings.SettingsFixture;
import dev.procpool.spi.Submission;
import dev.procpool.spi.WorkerName;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A fault of our own, put where frames of a real worker are handled: it breaks the pool and says
 * whose fault it is. None of it is blamed on the worker. See {@link HostileMessagesTest} for the
 * opposite.
 */
@Timeout(120)
class EngineFaultTest {

  private static final Duration BOUND = Duration.ofSeconds(60);

  private final PoolSettings settings = SettingsFixture.real();

  private enum Place {
    NONE,
    /** Where a call's items are taken for a worker that says that it is ready. */
    SOCKET,
    /** Where a worker's results are reported. */
    RING
  }

  @ParameterizedTest
  @EnumSource(names = {"SOCKET", "RING"})
  void aFaultWhereFramesAreHandledBreaksThePoolAndSaysWhose(Place place) throws Exception {
    LocalBackend backend = LocalBackend.open(settings);
    try {
      Call faulty = new Call(place);
      backend.submit(faulty);

      assertThat(faulty.abortedBy())
          .isInstanceOf(PoolBrokenException.class)
          .hasMessageContaining("a fault of procpool's own")
          .hasMessageContaining("injected")
          .cause()
          .isSameAs(faulty.fault);
      assertThat(backend.awaitTermination(BOUND)).as("its worker is gone").isTrue();
      assertWorkersEnded();
      Call later = new Call(Place.NONE);
      backend.submit(later);
      assertThat(later.abortedBy()).isInstanceOf(PoolBrokenException.class);
    } finally {
      backend.terminate();
    }
  }

  /**
   * What the JVM throws where a lambda or a class is first used without memory: what must happen is
   * tried again.
   */
  @ParameterizedTest
  @MethodSource("shortages")
  void aLackOfMemoryInDisguiseLeavesNothingBehind(Error shortage) throws Exception {
    LocalBackend backend = LocalBackend.open(settings);
    try {
      Call faulty = new Call(Place.RING);
      faulty.lack = shortage;
      backend.submit(faulty);

      assertThat(faulty.abortedBy()).isInstanceOf(PoolBrokenException.class);
      assertThat(backend.awaitTermination(BOUND)).as("its worker is gone").isTrue();
      assertWorkersEnded();
    } finally {
      backend.terminate();
    }
  }

  /** Each worker that was told as started is told as ended: by the pool, whose end this is. */
  private void assertWorkersEnded() {
    PoolStats.Totals totals = settings.insight().observation().totals(0, 0);
    assertThat(totals.workerStarts()).isPositive();
    assertThat(totals.workerEnds().get(WorkerEnd.STOPPED)).isEqualTo(totals.workerStarts());
  }

  /**
   * A result that is decoded and reported on its call's thread: whichever of these steps lacks
   * memory, and however often, the call ends and so does all else.
   */
  @ParameterizedTest
  @MethodSource("lacks")
  void aLackOfMemoryWhileAResultIsDeliveredEndsItsCall(
      Error shortage, boolean isDecoding, int reports, int outcomes, int ends) throws Exception {
    Parcel.lack = isDecoding ? shortage : null;
    LocalBackend backend = LocalBackend.open(settings);
    try {
      Call call = new Call(Place.NONE);
      call.item = new Parcel();
      call.lack = shortage;
      call.reportLacks = reports;
      call.outcomeLacks = outcomes;
      call.lacks = ends;
      backend.submit(call);

      call.awaitEnd();
      call.lack = null; // it has ended: nothing is asked of it any more
      assertThat(call.reportLacks + call.outcomeLacks).as("it met all of them").isLessThan(1);
      backend.terminate();
      assertThat(backend.awaitTermination(BOUND)).as("its worker is gone").isTrue();
      assertWorkersEnded();
    } finally {
      Parcel.lack = null;
      backend.terminate();
    }
  }

  static Stream<Arguments> lacks() {
    return shortages()
        .flatMap(
            shortage ->
                Stream.of(
                    Arguments.of(shortage, false, 1, 0, 0),
                    Arguments.of(shortage, false, 1, 1, 0),
                    Arguments.of(shortage, false, 1, 1, 3),
                    Arguments.of(shortage, true, 0, 0, 0),
                    Arguments.of(shortage, true, 0, 1, 1)));
  }

  /** Is decoded with code of its own, on the thread of its call. */
  private static final class Parcel implements Serializable {

    private static final long serialVersionUID = 1L;

    /** Is thrown here, not in workers. */
    private static volatile @Nullable Error lack;

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      Error shortage = lack;
      if (shortage != null) {
        throw shortage;
      }
    }
  }

  static Stream<Error> shortages() {
    return Stream.of(
        new OutOfMemoryError("injected"),
        new InternalError("injected", new OutOfMemoryError()),
        new BootstrapMethodError("injected"),
        new NoClassDefFoundError("injected"));
  }

  @Test
  void withoutAFaultTheCallSucceeds() throws Exception {
    LocalBackend backend = LocalBackend.open(SettingsFixture.real());
    try {
      Call call = new Call(Place.NONE);
      backend.submit(call);
      assertThat(call.value()).isEqualTo(1);
    } finally {
      backend.terminate();
      assertThat(backend.awaitTermination(BOUND)).isTrue();
    }
  }

  /** A call with one item, which a worker returns as it is. */
  private static final class Call implements Submission<Object, Object> {

    private final RuntimeException fault = new IllegalStateException("injected");
    private final CompletableFuture<Object> ending = new CompletableFuture<>();
    private static final AtomicLong NUMBERS = new AtomicLong();

    private final long number = NUMBERS.incrementAndGet();
    private final Place place;
    private boolean taken;

    /** Is thrown the first few times that the call is to be ended. */
    private volatile @Nullable Error lack;

    private int lacks = 6;

    /** How often there is no memory for a result, and for another outcome. */
    private volatile int reportLacks;

    private volatile int outcomeLacks;

    private Object item = 1;

    Call(Place place) {
      this.place = place;
    }

    Throwable abortedBy() throws Exception {
      try {
        throw new AssertionError("succeeded with " + value());
      } catch (ExecutionException e) {
        return e.getCause();
      }
    }

    void awaitEnd() throws Exception {
      try {
        value();
      } catch (ExecutionException e) {
        // that is an end
      }
    }

    private void lack() {
      Error shortage = lack;
      if (shortage != null) {
        throw shortage;
      }
    }

    Object value() throws Exception {
      return ending.get(BOUND.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public long number() {
      return number;
    }

    @Override
    public Task1<Object, Object> task() {
      return x -> x;
    }

    @Override
    public TaskOptions options() {
      return TaskOptions.defaults();
    }

    @Override
    public boolean isImmediate() {
      return false;
    }

    @Override
    public boolean advance() {
      boolean first = !taken;
      taken = true;
      return first;
    }

    @Override
    public Object item() {
      return item;
    }

    @Override
    public int room(long started, Runnable more) {
      if (place == Place.SOCKET) {
        throw fault;
      }
      return Integer.MAX_VALUE;
    }

    @Override
    public void succeeded(long index, Object value, int attempts, long nanos, WorkerName worker) {
      if (place == Place.RING) {
        throw fault;
      }
      if (reportLacks > 0) {
        reportLacks--;
        lack();
      }
      ending.complete(value);
    }

    @Override
    public void settled(Outcome<Object> outcome) {
      if (outcomeLacks > 0) {
        outcomeLacks--;
        lack();
      }
      ending.complete(outcome);
    }

    @Override
    public void abort(Throwable cause) {
      Error shortage = lack;
      if (shortage != null && lacks-- > 0) {
        throw shortage;
      }
      ending.completeExceptionally(cause);
    }

    @Override
    public boolean isEnded() {
      return ending.isDone();
    }
  }
}
