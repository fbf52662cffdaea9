package dev.procpool.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page that tells the pool what a worker runs, and lets the pool stop it from going on. */
@Timeout(60)
class RunPageTest {

  @TempDir Path directory;

  @Test
  void bothSidesSeeTheSameWords() throws IOException {
    RunPage parent = WorkerMemory.create(directory.resolve("p")).page();
    RunPage worker = WorkerMemory.open(directory.resolve("p")).page();
    long before = parent.heartbeat();

    worker.beat();
    assertThat(worker.begin(42)).isTrue();
    assertThat(parent.heartbeat()).isNotEqualTo(before);
    assertThat(parent.running()).as("it may not start").isZero();
    worker.start(42);
    assertThat(parent.running()).isEqualTo(42);
    worker.end();
    assertThat(parent.running()).isZero();
  }

  @Test
  void theGateClosesForTheItemThatRunsOnly() throws IOException {
    RunPage page = WorkerMemory.create(directory.resolve("p")).page();
    assertThat(page.begin(1)).isTrue();
    page.start(1);

    assertThat(page.closeGateIfRunning(2)).isFalse();
    page.end();
    assertThat(page.begin(3)).as("the gate is open").isTrue();
    page.start(3);
    assertThat(page.closeGateIfRunning(3)).isTrue();
    page.end();
    assertThat(page.begin(4)).as("the gate is open").isFalse();
    assertThat(page.running()).isZero();
  }

  @Test
  void nothingBeginsAfterTheGateIsClosed() throws Exception {
    for (int round = 0; round < 100; round++) {
      RunPage parent = WorkerMemory.create(directory.resolve("p" + round)).page();
      RunPage page = WorkerMemory.open(directory.resolve("p" + round)).page();
      AtomicBoolean closed = new AtomicBoolean();
      AtomicLong lastBegun = new AtomicLong();
      Thread worker = new Thread(() -> runUntilClosed(page, closed, lastBegun));
      worker.start();

      long stopped = parent.running();
      while (stopped == 0 || !parent.closeGateIfRunning(stopped)) {
        stopped = parent.running();
      }
      closed.set(true);
      worker.join();

      assertThat(lastBegun.get()).as("last item begun, round %d", round).isEqualTo(stopped);
    }
  }

  private static void runUntilClosed(RunPage page, AtomicBoolean closed, AtomicLong lastBegun) {
    for (long word = 1; ; word++) {
      while (!page.begin(word)) {
        if (closed.get()) {
          return;
        }
        Thread.onSpinWait(); // the gate was tried and is opened again
      }
      page.start(word);
      lastBegun.set(word);
      page.end();
    }
  }

  @Test
  void theLastNoteIsReadWholeAndInOneLine() throws IOException {
    RunPage parent = WorkerMemory.create(directory.resolve("p")).page();
    RunPage page = WorkerMemory.open(directory.resolve("p")).page();
    assertThat(parent.note()).isNull();
    page.note(new Note(1, 0.25, "first"));
    page.note(new Note(2, 1, "line\nand \u001b[31mcolour"));
    assertThat(parent.note()).isEqualTo(new Note(2, 1, "line and  [31mcolour"));
    page.note(new Note(3, 0, "€".repeat(1_000)));
    Note cut = Objects.requireNonNull(parent.note());
    assertThat(cut.text()).isEqualTo("€".repeat(Note.MAX_TEXT_BYTES / 3));
  }

  @Test
  void aNoteThatIsReadWhileOthersAreLeftIsOneOfThem() throws Exception {
    RunPage parent = WorkerMemory.create(directory.resolve("p")).page();
    RunPage page = WorkerMemory.open(directory.resolve("p")).page();
    AtomicBoolean isOver = new AtomicBoolean();
    Thread worker =
        new Thread(
            () -> {
              for (int i = 1; !isOver.get(); i = i % 900 + 1) {
                page.note(new Note(i, 1.0 / i, "x".repeat(i)));
              }
            });
    worker.start();
    for (int seen = 0; seen < 2_000; ) {
      Note note = parent.note();
      if (note != null) {
        assertThat(note)
            .isEqualTo(new Note(note.word(), 1.0 / note.word(), "x".repeat((int) note.word())));
        seen++;
      }
    }
    isOver.set(true);
    worker.join();
  }

  @Test
  void aNoteThatMakesNoSenseIsNone() {
    assertThat(Note.of(1, Double.NaN, new byte[0])).isNull();
    assertThat(Note.of(1, -1, new byte[0])).isNull();
    assertThat(Note.of(1, 1.5, new byte[0])).isNull();
    assertThat(Note.of(1, 1, new byte[Note.MAX_TEXT_BYTES + 1])).isNull();
    assertThat(Note.of(1, 1, new byte[] {(byte) 0xff, 'a'})).isNotNull();
  }

  @Test
  void eachWordOfProgressIsSeen() throws IOException {
    RunPage parent = WorkerMemory.create(directory.resolve("p")).page();
    RunPage page = WorkerMemory.open(directory.resolve("p")).page();
    long before = parent.progressed();
    page.progress();
    page.progress();
    assertThat(parent.progressed()).isEqualTo(before + 2);
  }

  @Test
  void aFileThatIsNoPageIsRefused() throws IOException {
    Path file = Files.write(directory.resolve("p"), new byte[MemoryLayout.TOTAL_BYTES]);

    assertThatThrownBy(() -> WorkerMemory.open(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void aPageIsMadeOnce() throws IOException {
    WorkerMemory.create(directory.resolve("p")).page();

    assertThatThrownBy(() -> WorkerMemory.create(directory.resolve("p")))
        .isInstanceOf(IOException.class);
  }
}
