package dev.procpool.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The limit of a container's memory is found in the files of either version of control groups. */
class ContainerMemoryTest {

  @TempDir Path folder;

  private long limit(String groups) throws IOException {
    return ContainerMemory.limit(Files.writeString(folder.resolve("cgroup"), groups), root());
  }

  private Path root() {
    return folder.resolve("fs");
  }

  private void write(String file, String text) throws IOException {
    Path path = root().resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  @Test
  void theLeastOfTheGroupAndThoseThatItIsInCounts() throws IOException {
    write("a/b/memory.max", "max\n");
    write("a/memory.max", "2147483648\n");
    write("memory.max", "4294967296\n");
    assertThat(limit("0::/a/b\n")).isEqualTo(1L << 31);
  }

  @Test
  void versionOne() throws IOException {
    write("memory/a/memory.limit_in_bytes", "1048576000\n");
    write("memory/memory.limit_in_bytes", "9223372036854771712\n");
    assertThat(limit("5:cpu:/x\n4:hugetlb,memory:/a\n0::/\n")).isEqualTo(1_048_576_000);
  }

  /** Within a container the path is at times the machine's, of which only the root is there. */
  @Test
  void thePathMayNotBeThere() throws IOException {
    write("memory/memory.limit_in_bytes", "1048576000\n");
    assertThat(limit("4:memory:/docker/4711\n")).isEqualTo(1_048_576_000);
    assertThat(limit("4:memory:/../../x\n")).isZero();
  }

  @Test
  void noneIsZero() throws IOException {
    write("memory/memory.limit_in_bytes", "9223372036854771712\n");
    write("memory.max", "max\n");
    assertThat(limit("4:memory:/\n0::/\n")).isZero();
    assertThat(limit("nonsense\n")).isZero();
    assertThat(ContainerMemory.limit(folder.resolve("none"), root())).isZero();
  }
}
