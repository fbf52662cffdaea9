package dev.procpool.local.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadedClassesTest {

  @TempDir Path directory;

  @Test
  void namesAreReadOnceWithoutThoseThatNobodyElseKnows() throws IOException {
    Files.write(
        directory.resolve("classes-17.log"),
        List.of(
            "java.lang.Object source: shared objects file",
            "com.acme.Import source: file:/opt/acme.jar",
            "com.acme.Import$$Lambda/0x0000000800c03000 source: com.acme.Import",
            "com.acme.Import$$Lambda$14/0x0000000800c03000 source: com.acme.Import",
            "cut off in the middle of a li"));
    Files.write(
        directory.resolve("classes-18.log"),
        List.of(
            "com.acme.Import source: file:/opt/acme.jar",
            "javax.sql.DataSource source: jrt:/java.sql"));
    Files.writeString(directory.resolve("jvm.args"), "com.acme.No source: nothing");
    assertThat(new LoadedClasses(directory).names())
        .containsExactlyInAnyOrder("java.lang.Object", "com.acme.Import", "javax.sql.DataSource");
  }

  @Test
  void aFewWorkersTellAndNoMore() {
    LoadedClasses loaded = new LoadedClasses(Path.of("/tmp/procpool-1"));
    assertThat(loaded.options())
        .containsExactly(
            "-Xlog:class+load=info:file=/tmp/procpool-1/classes-%p.log:none:filecount=0");
    for (int i = 1; i < 4; i++) {
      assertThat(loaded.options()).hasSize(1);
    }
    assertThat(loaded.options()).isEmpty();
  }

  @Test
  void aPathThatAnOptionCantHaveIsNotGiven() {
    for (String path : List.of("/tmp/a:b", "/tmp/100%", "/tmp/a,b", "/tmp/\"a")) {
      assertThat(new LoadedClasses(Path.of(path)).options()).as(path).isEmpty();
    }
  }

  @Test
  void aDirectoryThatIsGoneHasNoNames() {
    assertThat(new LoadedClasses(directory.resolve("gone")).names()).isEmpty();
  }
}
