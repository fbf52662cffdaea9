package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Section 13 of the contract: a pool that is only made in a worker starts nothing, and no static
 * initializer starts a chain of processes.
 *
 * <p>Counted are all JVMs of pools that ever started, by the file that each leaves.
 */
class StaticPoolTest extends ProcessPoolTest {

  @TempDir Path child;
  private Path jvms;

  @BeforeEach
  void count() throws IOException {
    jvms = Files.createDirectory(child.resolve("jvms"));
  }

  private List<String> run(Class<?> program, String... options) throws Exception {
    List<String> environment = List.of("env", StaticPools.JVMS + "=" + jvms);
    try (ChildJvm parent = new ChildJvm(child, environment, List.of(options), program)) {
      assertThat(parent.exitCode()).as(parent::errors).isZero();
      Eventually.until("no process is left", () -> parent.workers().isEmpty());
      Eventually.until("nor a file", () -> parent.files().isEmpty());
      return parent.output();
    }
  }

  private long started() throws IOException {
    try (Stream<Path> files = Files.list(jvms)) {
      return files.count();
    }
  }

  @Test
  void aPoolOnlyMadeInAWorkerStartsNothing() throws Exception {
    assertThat(run(StaticPools.Initialized.class)).containsExactly("[1, 4, 9]", "[]");
    assertThat(started()).isBetween(1L, 2L);
  }

  @Test
  void norDoesOneThatIsUsedForAllButCalls() throws Exception {
    assertThat(run(StaticPools.Used.class))
        .containsExactly("[10, 20, 30]", "[3, 7]", "2", "3", "0", "[]");
    assertThat(started()).isBetween(2L, 5L); // the parent's own: 2, perhaps 3 meanwhile
  }

  @Test
  void norDoesOneThatIsClosed() throws Exception {
    assertThat(run(StaticPools.Closed.class)).containsExactly("[2, 3]");
    assertThat(started()).isLessThanOrEqualTo(6L); // the parent's own pools had one or two each
  }

  @Test
  void enumConstantsAndInterfacesHaveStaticInitializersToo() throws Exception {
    assertThat(run(StaticPools.Constant.class)).containsExactly("[3, 3]");
    assertThat(started()).isBetween(2L, 3L); // one of the interface's, which has no call
  }

  @Test
  void aPoolOfThreadsHasNoneInAWorkerUntilItIsCalled() throws Exception {
    assertThat(run(StaticPools.Threads.class)).containsExactly("false []", "[2, 4]");
    assertThat(started()).isEqualTo(1);
  }

  @Test
  void aPoolMadeAndCalledByATaskWorks() throws Exception {
    assertThat(run(StaticPools.Lazy.class)).containsExactly("[7, 8]");
    assertThat(started()).isEqualTo(2);
  }

  @Test
  void aPoolMadeAndCalledByAnInitializerWorks() throws Exception {
    assertThat(run(StaticPools.Nested.class)).containsExactly("42");
    assertThat(started()).isEqualTo(2);
  }

  @Test
  void aCallInAStaticInitializerIsRefusedInAWorker() throws Exception {
    List<String> words = run(StaticPools.Calls.class);
    assertThat(words.get(0))
        .contains("the static initializer of class " + StaticPools.Calls.class.getName())
        .contains("(StaticPools.java:")
        .contains("calls pool 'pool-1' in a worker")
        .contains("make the call again")
        .contains("main");
    assertThat(started()).isLessThanOrEqualTo(2);
  }

  @Test
  void alsoOfAClassThatTheTaskUses() throws Exception {
    List<String> words = run(StaticPools.CallsLater.class);
    assertThat(words.get(0))
        .contains("the static initializer of class " + StaticPools.CallsLater.Table.class.getName())
        .contains("in a worker");
    assertThat(words.get(1)).isEqualTo("[1, 2]");
    assertThat(started()).isLessThanOrEqualTo(4); // of two pools of the parent's
  }

  @Test
  void alsoOfAClassOfAnArgument() throws Exception {
    List<String> words = run(StaticPools.CallsInArgument.class);
    assertThat(words.get(0))
        .contains("the static initializer of class " + StaticPools.CallsLater.Table.class.getName())
        .contains("in a worker");
    assertThat(started()).isLessThanOrEqualTo(4); // of two pools of the parent's
  }

  @Test
  void aCallWhileAnArgumentIsDeserializedIsRefused() throws Exception {
    assertThat(run(StaticPools.CallsInReadObject.class).get(0))
        .contains("Argument.readObject(StaticPools.java:")
        .contains("which runs while a value is deserialized")
        .contains("in a worker");
    assertThat(started()).isLessThanOrEqualTo(2);
  }

  @Test
  void aCallOfAThreadThatAStaticInitializerWaitsForIsRefused() throws Exception {
    List<String> words = new ArrayList<>(run(StaticPools.CallsByThread.class));
    assertThat(words.get(0)).isEqualTo("[1, 2]");
    assertThat(words.get(1))
        .contains("the static initializer of class " + StaticPools.CallsByThread.class.getName())
        .contains("waits in a worker, as it seems for thread");
    assertThat(started()).isLessThanOrEqualTo(2);
  }

  @Test
  void aCallOfAThreadThatNobodyWaitsForMakesNoChain() throws Exception {
    assertThat(run(StaticPools.CallsInBackground.class))
        .as("in the program, and in a worker of its own")
        .containsExactly("[2, 3, 4]", "[2, 3, 4]");
    assertThat(started()).as("the pool's worker, and that one's").isLessThanOrEqualTo(2);
  }

  @Test
  void theSameCallOfSuchAThreadIsRefusedInAWorkersWorker() throws Exception {
    String task = StaticPools.Absolute.class.getName();
    List<String> words =
        run(
            StaticPools.CallsAgain.class,
            "-Dprocpool.depth=2",
            "-Dprocpool.callChain=com.acme.Other.lambda$main$0;" + task);
    assertThat(words.get(0))
        .contains("thread main calls pool 'pool-1' for the task " + task)
        .contains("in a worker above, and so on without end");
    assertThat(started()).isZero();
  }

  @Test
  void nestedTooDeeplyATaskMayHoldAPoolThatIsNotCalled() throws Exception {
    assertThat(run(StaticPools.Deepest.class).get(0)).contains("nested more than 10 deep");
  }
}
