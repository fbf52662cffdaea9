package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.AsyncResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.PoolBrokenException;
import dev.procpool.function.Args;
import dev.procpool.local.ProcessPool;
import dev.procpool.spi.ObjectCodec;
import java.io.InvalidObjectException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Object graphs in a form of the user's, between a pool and its workers. */
@ExtendWith(NoLeftovers.class)
class ObjectCodecTest {

  private static final Duration BOUND = Duration.ofSeconds(60);

  private static ProcessPool.Builder builder(ObjectCodec codec) {
    return ProcessPool.builder().workers(1).objectCodec(codec);
  }

  @Test
  void argumentsAndResultsGoByIt() throws Exception {
    try (Pool pool = builder(new Marking("+")).build()) {
      String seen = pool.apply(mark -> mark.text, new Mark("a"));
      assertThat(seen).isEqualTo("a+");
      Mark made = pool.apply(() -> new Mark("b"));
      assertThat(made.text).isEqualTo("b+");
      assertThat(pool.map(mark -> mark, List.of(new Mark("c"), new Mark("d"))))
          .extracting(mark -> mark.text)
          .containsExactly("c++", "d++");
      Mark inTuple = pool.apply((number, mark) -> Args.of(number, mark).second(), 1, new Mark("e"));
      assertThat(inTuple.text).isEqualTo("e++");
    }
  }

  @Test
  void tasksAndSharedValuesDoNot() throws Exception {
    try (Pool pool = builder(new Marking("+")).build()) {
      Mark captured = new Mark("a");
      var shared = pool.share(captured);
      String told = pool.apply(() -> captured.text + shared.get().text);
      assertThat(told).isEqualTo("aa");
    }
  }

  @Test
  void withAResultFilterResultsGoUnderTheFilter() throws Exception {
    var filter = ObjectInputFilter.Config.createFilter(Mark.class.getName() + ";!*");
    try (Pool pool = builder(new Marking("+")).resultFilter(filter).build()) {
      assertThat(pool.apply(mark -> mark, new Mark("a")).text).isEqualTo("a+");
      assertThatThrownBy(() -> pool.apply(() -> new Other()))
          .cause()
          .hasMessageContaining("REJECTED")
          .hasMessageContaining(Other.class.getName());
    }
  }

  /** A program in a JVM that has a filter for all its deserialization. */
  static final class Filtered {
    private Filtered() {}

    public static void main(String[] arguments) throws Exception {
      try (Pool pool = builder(new Marking("+")).build()) {
        System.out.println(pool.apply(mark -> mark, new Mark("a")).text);
      }
    }
  }

  @Test
  void withAFilterOfTheWholeJvmResultsGoUnderIt(@TempDir Path child) throws Exception {
    List<String> options = List.of("-Djdk.serialFilter=maxdepth=1000");
    try (ChildJvm parent = new ChildJvm(child, options, Filtered.class)) {
      assertThat(parent.exitCode()).as(parent::errors).isZero();
      assertThat(parent.output()).as("read by the codec in the worker alone").containsExactly("a+");
    }
  }

  @Test
  void workersHaveItsOptions() throws Exception {
    try (Pool pool = builder(new Marking("+")).jvmOptions(List.of("-Dcodec.b=user")).build()) {
      String told = pool.apply(() -> System.getProperty("codec.a") + System.getProperty("codec.b"));
      assertThat(told).isEqualTo("codecuser");
    }
  }

  @Test
  void ifAWorkerCanNotMakeItThePoolSaysSo() throws Exception {
    try (Pool pool = builder(new OnlyHere()).restartIntensity(1, Duration.ofMinutes(1)).build()) {
      assertThatThrownBy(() -> pool.apply(() -> 1))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(PoolBrokenException.class)
          .hasStackTraceContaining("the objectCodec can't be made in a worker")
          .hasStackTraceContaining("no library here");
    }
  }

  @Test
  void whatItDoesNotReadFailsItsItemAlone() throws Exception {
    try (Pool pool = builder(new Marking("+")).build()) {
      List<Outcome<Mark>> outcomes =
          pool.mapAsync(Mark::new, List.of("a", Marking.UNREADABLE, "c")).outcomes();
      assertThat(outcomes).extracting(Outcome::isSuccess).containsExactly(true, false, true);
      assertThat(outcomes.get(1).failure().orElseThrow())
          .hasMessageContaining("item 1")
          .hasMessageContaining("object codec")
          .hasMessageContaining("can't be read");
    }
  }

  /** The engine's thread goes on while a result is decoded that takes for ever. */
  @Test
  void slowDecodingOfAResultHoldsUpNoOtherCall() throws Exception {
    try (Pool pool = builder(new Marking("+")).build()) {
      holdsUpNoOtherCall(pool, pool.applyAsync(() -> new Mark(Marking.SLOW)));
    }
  }

  /** The same without any codec but the pool's own. */
  @Test
  void slowReadObjectOfAResultHoldsUpNoOtherCall() throws Exception {
    try (Pool pool = ProcessPool.builder().workers(1).build()) {
      holdsUpNoOtherCall(pool, pool.applyAsync(() -> new SlowToRead()));
    }
  }

  private static void holdsUpNoOtherCall(Pool pool, AsyncResult<?> slow) throws Exception {
    Gate gate = Gate.current;
    try {
      assertThat(gate.entered.await(BOUND.toSeconds(), TimeUnit.SECONDS)).isTrue();
      // plain values, which the engine's thread decodes, and others, each in calls of their own
      assertThat(pool.mapAsync(x -> x + 1, List.of(1, 2, 3)).get(BOUND)).containsExactly(2, 3, 4);
      assertThat(pool.applyAsync(() -> new Mark("quick")).get(BOUND).text).startsWith("quick");
      assertThat(slow.isReady()).isFalse();
    } finally {
      gate.open.countDown();
    }
    assertThat(slow.get(BOUND)).isNotNull();
  }

  /** Holds whoever decodes in this process; workers, where no test has made it, pass. */
  private static final class Gate {

    private static volatile Gate current = new Gate();

    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);

    static void pass() throws InterruptedException {
      Gate gate = current;
      gate.entered.countDown();
      gate.open.await();
      current = new Gate();
    }
  }

  private static final class SlowToRead implements Serializable {

    private static final long serialVersionUID = 1L;

    private void readObject(ObjectInputStream in) throws Exception {
      in.defaultReadObject();
      Gate.pass();
    }
  }

  private static final class Mark implements Serializable {

    private static final long serialVersionUID = 1L;

    private final String text;

    Mark(String text) {
      this.text = text;
    }
  }

  private static final class Other implements Serializable {

    private static final long serialVersionUID = 1L;
  }

  /** Takes marks only, and leaves a trace in each that it has read. */
  private static class Marking implements ObjectCodec {

    private static final long serialVersionUID = 1L;

    static final String SLOW = "slow";
    static final String UNREADABLE = "unreadable";

    private final String trace;

    Marking(String trace) {
      this.trace = trace;
    }

    @Override
    public boolean encode(Object graph, OutputStream out) throws Exception {
      if (graph instanceof Mark mark) {
        out.write(mark.text.getBytes(StandardCharsets.UTF_8));
        return true;
      }
      return false;
    }

    @Override
    public Object decode(byte[] bytes, int offset, int length, ClassLoader loader)
        throws Exception {
      String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
      if (text.equals(SLOW)) {
        Gate.pass();
      } else if (text.equals(UNREADABLE)) {
        throw new InvalidObjectException("can't be read");
      }
      return new Mark(text + trace);
    }

    @Override
    public List<String> workerJvmOptions() {
      return List.of("-Dcodec.a=codec", "-Dcodec.b=codec");
    }
  }

  /** Stands for one whose library a worker does not have. */
  private static final class OnlyHere extends Marking {

    private static final long serialVersionUID = 1L;

    OnlyHere() {
      super("");
    }

    private Object readResolve() throws InvalidObjectException {
      throw new InvalidObjectException("no library here");
    }
  }
}
