package dev.procpool.local.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.local.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a worker needs is shown and no more, and what contradicts it is told. */
class BoxPathsTest {

  @TempDir Path base;

  private final List<Path> readable = new ArrayList<>();

  @BeforeEach
  void begin() throws IOException {
    for (String folder : List.of("java", "work", "classes", "pool", "secret", "data")) {
      Files.createDirectories(base.resolve("all").resolve(folder).resolve("inner"));
    }
    readable.add(at("java"));
    readable.add(at("classes"));
  }

  private Path at(String name) {
    return base.resolve("all").resolve(name);
  }

  private Sandbox.Start start() {
    return new Sandbox.Start(at("pool"), at("pool"), at("pool"), readable, at("work"));
  }

  private void assertRefused(BoxPaths paths, String... words) {
    assertThatThrownBy(() -> paths.check(start()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("the sandbox can't do ")
        .hasMessageContainingAll(words);
  }

  @ParameterizedTest
  @ValueSource(strings = {"java", "classes", "work", "pool", ""})
  void whatWorkersNeedCannotBeHidden(String name) {
    assertRefused(BoxPaths.NONE.hidden(at(name)), "hidden(" + at(name) + ")", "workers need that");
  }

  @Test
  void norByALink() throws IOException {
    Path link = Files.createSymbolicLink(base.resolve("link"), at("work"));
    assertRefused(BoxPaths.NONE.hidden(link), "hidden(" + link + ")", at("work").toString());
  }

  @Test
  void whatIsWithinOrBesideCan() {
    assertThatCode(
            () ->
                BoxPaths.NONE
                    .hidden(at("work/inner"), at("secret"), at("data/inner"))
                    .readable(at("data"), at("secret/inner"))
                    .writable(at("data"))
                    .check(start()))
        .doesNotThrowAnyException();
  }

  @Test
  void relativeAndMissingAndWrongPaths() throws IOException {
    assertRefused(BoxPaths.NONE.readable(Path.of("docs")), "readable(docs)", "relative");
    assertRefused(BoxPaths.NONE.writable(Path.of("")), "writable()", "relative");
    assertRefused(BoxPaths.NONE.hidden(Path.of("x")), "hidden(x)", "relative");
    assertRefused(BoxPaths.NONE.writable(at("none")), "writable(" + at("none"), "does not exist");
    assertRefused(BoxPaths.NONE.hidden(at("none")), "hidden(" + at("none"), "does not exist");
    Path file = Files.createFile(at("file"));
    assertRefused(BoxPaths.NONE.hidden(file), "hidden(" + file, "no directory");
    assertRefused(BoxPaths.NONE.readable(at("data")).hidden(at("data")), "leave one out");
    assertRefused(BoxPaths.NONE.writable(at("data")).hidden(at("data")), "leave one out");
    assertRefused(BoxPaths.NONE.writable(Path.of("/dev/null")), "in /dev", "their own");
    assertRefused(BoxPaths.NONE.readable(Path.of("/tmp")), "name what is in it");
  }

  @Test
  void aClassPathThatHoldsTheHomeIsNotShownUnlessNamed() {
    Path home = Path.of(System.getProperty("user.home")).toAbsolutePath();
    readable.add(home);
    assertThatThrownBy(() -> BoxPaths.NONE.check(start()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("readable(" + home + ")");
    assertThat(BoxPaths.needed(start())).contains(at("java"), at("classes")).doesNotContain(home);
    assertThatCode(() -> BoxPaths.NONE.readable(home).check(start())).doesNotThrowAnyException();

    readable.set(2, Path.of("/"));
    assertThatThrownBy(() -> BoxPaths.NONE.check(start())).hasMessageContaining("readable(/)");
    assertThat(BoxPaths.needed(start())).doesNotContain(Path.of("/"));
  }

  @Test
  void aFolderOfJarsIsShownAsOne() throws IOException {
    for (int i = 0; i < 8; i++) {
      readable.add(Files.createFile(at("data/inner").resolve(i + ".jar")));
      readable.add(Files.createFile(at("secret").resolve(i + ".jar")));
    }
    assertThat(BoxPaths.needed(start()))
        .contains(at("data/inner"), at("secret").resolve("0.jar"), at("secret").resolve("7.jar"))
        .doesNotContain(at("data/inner").resolve("0.jar"), at("secret"));
  }

  @Test
  void linkedJarsAreShownOneByOne() throws IOException {
    for (int i = 0; i < 8; i++) {
      Path real = Files.createFile(at("data").resolve(i + ".jar"));
      readable.add(Files.createSymbolicLink(at("secret/inner").resolve(i + ".jar"), real));
    }
    assertThat(BoxPaths.needed(start()))
        .contains(at("secret/inner/0.jar"), at("secret/inner/7.jar"))
        .doesNotContain(at("secret/inner"));
  }
}
