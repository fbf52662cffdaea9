package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.procpool.AsyncResult;
import dev.procpool.MapResult;
import dev.procpool.Outcome;
import dev.procpool.Pool;
import dev.procpool.RemoteTaskException;
import dev.procpool.TaskSerializationException;
import dev.procpool.function.Args;
import dev.procpool.function.Task1;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Section 5 of the contract: what can't be serialized is told by item and field, and costs neither
 * the worker nor the other items.
 */
public abstract class SerializationContract extends ContractTest {

  /** For subclasses. */
  protected SerializationContract() {}

  @BeforeEach
  final void onlyWhereThingsAreSerialized() {
    assumeTrue(backend().serializes(), "this backend passes objects by reference");
  }

  @Test
  void anArgumentThatCannotBeSerializedFailsItsItemAndNamesThePath() throws Exception {
    Pool pool = pool(1);
    long pid = pid(pool);
    List<Order> items =
        List.of(new Order(0, null), new Order(1, new Customer(new Socket())), new Order(2, null));
    MapResult<Integer> result = pool.mapAsync(Order::number, items);
    List<Outcome<Integer>> outcomes = result.outcomes();
    assertThat(outcomes.get(0).valueOrThrow()).isZero();
    assertThat(outcomes.get(2).valueOrThrow()).isEqualTo(2);
    assertThat(outcomes.get(1)).isInstanceOf(Outcome.Failure.class);
    assertThat(outcomes.get(1).failure().orElseThrow())
        .isInstanceOf(TaskSerializationException.class)
        .hasMessageContaining("item 1")
        .hasMessageContaining("customer")
        .hasMessageContaining("socket")
        .hasMessageContaining(Socket.class.getName());
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(result::get)
        .withCauseInstanceOf(TaskSerializationException.class);
    assertThat(pid(pool)).as("the worker lives on").isEqualTo(pid);
  }

  @Test
  void anArgumentInsideATupleIsNamedByItsPath() throws Exception {
    Pool pool = pool(1);
    MapResult<String> result =
        pool.starmapAsync(
            (a, b) -> a + String.valueOf(b), List.of(Args.of(0, "x"), Args.of(1, new Socket())));
    assertThat(result.outcomes().get(0).valueOrThrow()).isEqualTo("0x");
    assertThat(result.outcomes().get(1).failure().orElseThrow())
        .isInstanceOf(TaskSerializationException.class)
        .hasMessageContaining("item 1")
        .hasMessageContaining("second")
        .hasMessageContaining(Socket.class.getName());
  }

  @Test
  void anArgumentOfApplyThatCannotBeSerializedFailsTheCall() throws Exception {
    Pool pool = pool(1);
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> pool.apply(String::valueOf, (Object) new Socket()))
        .havingCause()
        .isInstanceOf(TaskSerializationException.class)
        .withMessageContaining(Socket.class.getName());
    assertThat(pool.apply(() -> 1)).isEqualTo(1);
  }

  @Test
  void aTaskThatCannotBeSerializedFailsItsCallAndNamesWhatItCaptured() throws Exception {
    Pool pool = pool(1);
    Socket socket = new Socket();
    AsyncResult<String> lambda = pool.applyAsync(() -> socket.name());
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(lambda::get)
        .havingCause()
        .isInstanceOf(TaskSerializationException.class)
        .withMessageContaining("task")
        .withMessageContaining(Socket.class.getName());
    MapResult<Integer> named = pool.mapAsync(new NamedTask(socket), List.of(1, 2));
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(named::get)
        .havingCause()
        .isInstanceOf(TaskSerializationException.class)
        .withMessageContaining("socket")
        .withMessageContaining(Socket.class.getName());
    assertThat(named.outcomes()).allMatch(outcome -> outcome instanceof Outcome.Failure);
    assertThat(pool.apply(() -> 1)).isEqualTo(1);
  }

  @Test
  void aTaskThatCapturedTheTestInstanceIsRefused() {
    Pool pool = pool(1);
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> pool.apply(() -> this.toString()))
        .havingCause()
        .isInstanceOf(TaskSerializationException.class);
  }

  @Test
  void aResultThatCannotBeSerializedFailsItsItemAndTheWorkerLivesOn() throws Exception {
    Pool pool = pool(1);
    long pid = pid(pool);
    MapResult<Order> result =
        pool.mapAsync(
            x -> new Order(x, x == 1 ? new Customer(new Socket()) : null), List.of(0, 1, 2));
    List<Outcome<Order>> outcomes = result.outcomes();
    assertThat(outcomes.get(0).valueOrThrow().number()).isZero();
    assertThat(outcomes.get(2).valueOrThrow().number()).isEqualTo(2);
    assertThat(outcomes.get(1).failure().orElseThrow())
        .isInstanceOf(TaskSerializationException.class)
        .hasMessageContaining("item 1")
        .hasMessageContaining("customer")
        .hasMessageContaining("socket")
        .hasMessageContaining(Socket.class.getName());
    assertThat(pid(pool)).as("the worker lives on").isEqualTo(pid);
  }

  @Test
  void anArgumentThatFailsToDeserializeFailsItsItem() throws Exception {
    Pool pool = pool(1);
    long pid = pid(pool);
    List<Outcome<Integer>> outcomes =
        pool.mapAsync(ReadsBadly::number, List.of(new ReadsBadly(0), new ReadsBadly(13)))
            .outcomes();
    assertThat(outcomes.get(0).valueOrThrow()).isZero();
    assertThat(outcomes.get(1).failure().orElseThrow())
        .isInstanceOf(TaskSerializationException.class)
        .hasMessageContaining("item 1");
    assertThat(pid(pool)).as("the worker lives on").isEqualTo(pid);
  }

  @Test
  void aResultThatFailsToDeserializeFailsItsItem() throws Exception {
    Pool pool = pool(1);
    List<Outcome<ReadsBadly>> outcomes =
        pool.mapAsync(x -> new ReadsBadly(x), List.of(0, 13, 2)).outcomes();
    assertThat(outcomes).extracting(Outcome::isSuccess).containsExactly(true, false, true);
    assertThat(outcomes.get(1).failure().orElseThrow())
        .isInstanceOf(TaskSerializationException.class)
        .hasMessageContaining("item 1");
    assertThat(pool.apply(() -> 1)).isEqualTo(1);
  }

  @Test
  void anErrorWhileSerializingFailsItsItem() throws Exception {
    Pool pool = pool(1);
    Nested deep = new Nested(null);
    for (int depth = 0; depth < 200_000; depth++) {
      deep = new Nested(deep);
    }
    List<Nested> items = new ArrayList<>();
    items.add(new Nested(null));
    items.add(deep);
    List<Outcome<Boolean>> outcomes =
        pool.<Nested, Boolean>mapAsync(nested -> nested.inner() == null, items).outcomes();
    assertThat(outcomes.get(0).valueOrThrow()).isTrue();
    assertThat(outcomes.get(1)).isInstanceOf(Outcome.Failure.class);
    assertThat(pool.apply(() -> 1)).isEqualTo(1);
  }

  @Test
  void anExceptionThatCannotBeSerializedComesAsARemoteTaskException() throws Exception {
    Pool pool = pool(1);
    long pid = pid(pool);
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> pool.apply(SerializationContract::throwUnserializable))
        .havingCause()
        .isExactlyInstanceOf(RemoteTaskException.class)
        .satisfies(
            failure -> {
              RemoteTaskException remote = (RemoteTaskException) failure;
              assertThat(remote.className()).isEqualTo(HoldsASocket.class.getName());
              assertThat(remote.remoteMessage()).isEqualTo("port 80");
              assertThat(remote.remoteStack())
                  .contains("throwUnserializable")
                  .contains("Caused by")
                  .contains("refused");
              assertThat(remote).hasMessageContaining(HoldsASocket.class.getName());
            });
    assertThat(pid(pool)).as("the worker lives on").isEqualTo(pid);
  }

  @Test
  void argumentsAndResultsAreCopies() throws Exception {
    List<Integer> mine = new ArrayList<>(List.of(1, 2));
    List<Integer> theirs =
        pool(1)
            .<List<Integer>, List<Integer>>apply(
                list -> {
                  list.add(3);
                  return list;
                },
                mine);
    assertThat(theirs).containsExactly(1, 2, 3);
    assertThat(mine).containsExactly(1, 2);
  }

  private static long pid(Pool pool) throws Exception {
    return pool.apply(() -> ProcessHandle.current().pid());
  }

  private static Object throwUnserializable() {
    throw new HoldsASocket("port 80", new IOException("refused"));
  }

  /** Stands for anything that can't be serialized. */
  private static final class Socket {
    String name() {
      return "socket";
    }
  }

  /** Serializable by declaration; holds what is not. */
  @SuppressWarnings("serial")
  private record Customer(Socket socket) implements Serializable {}

  private record Order(int number, @Nullable Customer customer) implements Serializable {}

  private record Nested(@Nullable Nested inner) implements Serializable {}

  @SuppressWarnings("serial")
  private record NamedTask(Socket socket) implements Task1<Integer, Integer> {
    @Override
    public Integer call(Integer x) {
      return x;
    }
  }

  @SuppressWarnings("serial")
  private static final class HoldsASocket extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final Socket socket = new Socket();

    HoldsASocket(String message, Throwable cause) {
      super(message, cause);
    }

    @Override
    public String getMessage() {
      return super.getMessage() + (socket == null ? " without a socket" : "");
    }
  }

  /** Written like any other object; the one with number 13 can't be read back. */
  private static final class ReadsBadly implements Serializable {
    private static final long serialVersionUID = 1L;
    private final int number;

    ReadsBadly(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      if (number == 13) {
        throw new IllegalStateException("13 can't be read");
      }
    }
  }
}
