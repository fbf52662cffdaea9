package dev.procpool.spark.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.URL;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where procpool's own classes may be, which executors are sent. */
class JarsTest {

  @Test
  void aFileMayHaveAnyName(@TempDir Path folder) throws Exception {
    Path jar = folder.resolve("a jar & 100 %.jar");
    assertThat(Jars.file(jar.toUri().toURL(), "procpool")).isEqualTo(jar);
  }

  @Test
  void aJarWithinAJarIsNamedWithWhatToDo() throws Exception {
    String place = "jar:file:/app.jar!/BOOT-INF/lib/procpool.jar!/";
    assertThatIllegalStateException()
        .isThrownBy(() -> Jars.file(new URL(place), "procpool"))
        .withMessageContainingAll(place, "procpool.jar as a file", "shaded");
  }
}
