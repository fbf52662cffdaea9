package dev.procpool.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that options of a JVM name. */
class OptionFilesTest {

  @ParameterizedTest
  @CsvSource({
    "-javaagent:/a/b.jar, /a/b.jar",
    "-javaagent:/a/b.jar=x=/c, /a/b.jar",
    "-agentpath:/a/lib.so=y, /a/lib.so",
    "-Xbootclasspath/a:/a/b.jar, /a/b.jar",
    "--patch-module=java.base=/a/b, /a/b",
    "-Djavax.net.ssl.trustStore=/a/store, /a/store",
    "-Djava.library.path=/a/native, /a/native",
    "@/a/args, /a/args",
    "-XX:Flags=flags, flags",
    "-Djava.security.properties=/a/f, /a/f",
    "-Djava.security.properties==/a/f, /a/f",
    "-Djava.security.policy==/a/f, /a/f",
    "-javaagent:/srv/a:b/x.jar, /srv/a:b/x.jar",
    "-Djavax.net.ssl.trustStore=/srv/a:b/store, /srv/a:b/store",
  })
  void aPath(String option, Path path) {
    assertThat(OptionFiles.of(List.of(option))).containsExactly(path);
  }

  @Test
  void severalAndInAWordOfTheirOwn() {
    assertThat(
            OptionFiles.of(
                List.of("--patch-module", "m=/a:/b", "-p", "/c:/d", "-Djava.library.path=/e::/f")))
        .containsExactly(
            Path.of("/a"),
            Path.of("/b"),
            Path.of("/c"),
            Path.of("/d"),
            Path.of("/e"),
            Path.of("/f"));
  }

  @Test
  void othersNameNone() {
    assertThat(
            OptionFiles.of(
                List.of("-Duser.home=/home/x", "-Xmx1g", "-Dapp.data=/data", "-agentlib:jdwp")))
        .isEmpty();
  }
}
