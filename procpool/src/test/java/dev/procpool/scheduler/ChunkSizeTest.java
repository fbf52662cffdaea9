package dev.procpool.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChunkSizeTest {

  private static final long MICRO = 1_000;
  private static final long MILLI = 1_000_000;

  @Test
  void beginsWithOneItem() {
    ChunkSize size = new ChunkSize(0);

    assertThat(size.of(1000, 4)).isEqualTo(1);
    assertThat(size.least()).isEqualTo(1);
  }

  @Test
  void growsWithWhatHasComeBackUpToHalfAMillisecond() {
    ChunkSize size = new ChunkSize(0);
    size.measured(1, 10 * MICRO);
    assertThat(size.of(1000, 4)).as("one has come back").isEqualTo(2);

    size.measured(100, 1000 * MICRO);

    assertThat(size.of(1000, 4)).as("of items of 10 µs").isEqualTo(50);
    assertThat(size.least()).as("worth sending").isEqualTo(2);
  }

  @Test
  void slowItemsGoOneByOne() {
    ChunkSize size = new ChunkSize(0);
    size.measured(1000, 1000 * 5 * MILLI);

    assertThat(size.of(1000, 4)).isEqualTo(1);
  }

  @Test
  void whatIsLeftIsShared() {
    ChunkSize size = new ChunkSize(0);
    size.measured(1024, 1024 * MICRO);

    assertThat(size.of(100, 4)).isEqualTo(25);
    assertThat(size.of(101, 4)).isEqualTo(26);
    assertThat(size.of(10, 4)).as("less than is worth sending").isEqualTo(20);
  }

  @Test
  void aFixedSizeIsNeverCut() {
    ChunkSize size = new ChunkSize(40);

    assertThat(size.of(1000, 1000)).isEqualTo(40);
    size.measured(1000, 1000 * 5 * MILLI);
    assertThat(size.of(1000, 1)).as("of slow items").isEqualTo(40);
  }

  @Test
  void ofTinyItemsSeveralFixedChunksGoAsOne() {
    ChunkSize size = new ChunkSize(10);
    size.measured(1024, 1024 * MICRO);

    assertThat(size.wholeChunks(size.of(10_000, 1))).isEqualTo(500);
    assertThat(size.least()).isEqualTo(20);
  }
}
