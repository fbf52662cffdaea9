package dev.procpool.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether the file of the shared memory is whole is found out without an error. */
class WorkerMemoryTest {

  @TempDir Path directory;

  private Path file;
  private WorkerMemory memory;

  @BeforeEach
  void make() throws IOException {
    file = directory.resolve("memory");
    memory = WorkerMemory.create(file);
  }

  @Test
  void nobodyElseMayReadIt() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void aWholeFileIsWhole() {
    assertThat(memory.isWhole()).isTrue();
    assertThat(memory.isWhole()).as("asked again").isTrue();
  }

  @Test
  void aFileCutOffAnywhereIsNot() throws IOException {
    try (FileChannel other = FileChannel.open(file, StandardOpenOption.WRITE)) {
      other.truncate(MemoryLayout.SEAL_AT);
      memory.page().running(); // still there
      assertThat(memory.isWhole()).isFalse();
      other.write(ByteBuffer.allocate(1), MemoryLayout.TOTAL_BYTES - 1);
      assertThat(memory.isWhole()).as("made longer again").isFalse();
      other.truncate(0);
      assertThat(memory.isWhole()).isFalse();
    }
  }
}
