package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Section 13 of the contract, in the parent: a call in a static initializer works, and does not
 * hang if the pool needs the class that is being initialized.
 */
class StaticCallTest extends ProcessPoolTest {

  @TempDir Path child;

  private List<String> run(String way) throws Exception {
    try (ChildJvm parent = new ChildJvm(child, List.of("-Dway=" + way), StaticCalls.class)) {
      assertThat(parent.exitCode()).as(parent::errors).isZero();
      Eventually.until("no worker is left", () -> parent.workers().isEmpty());
      return parent.output();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "map",
        "get",
        "get in time",
        "outcomes",
        "outcomes in time",
        "imap",
        "result",
        "threads",
      })
  void aCallThatNeedsTheClassFailsByName(String way) throws Exception {
    List<String> said = run(way);

    assertNamesTheClass(said.get(0));
    assertThat(said.get(1)).as("the pool goes on").isEqualTo("[1, 2]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"join", "close", "callback"})
  void soDoesAnEndThatNeedsTheClass(String way) throws Exception {
    assertNamesTheClass(run(way).get(0));
  }

  private static void assertNamesTheClass(String said) {
    assertThat(said)
        .contains("in the static initializer of class " + StaticCalls.class.getName())
        .contains("(StaticCalls.java:")
        .contains("until that class is initialized")
        .contains("main");
  }

  @ParameterizedTest
  @ValueSource(strings = "no such wait")
  void oneThatTakesLongIsNotMistakenForOne(String way) throws Exception {
    assertThat(run(way)).containsExactly("[1, 2]", "[1, 2]");
  }
}
