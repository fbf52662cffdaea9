package dev.procpool.local.sandbox;

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

/** What workers may write is nothing that decides what later ones are shown. */
class SteadyPathsTest {

  @TempDir Path temporary;

  private final List<Path> readable = new ArrayList<>();
  private Path base;

  @BeforeEach
  void begin() throws IOException {
    base = temporary.toRealPath();
    for (String name :
        List.of("java/jdk", "app/classes/a", "tmp/pool", "data/in/keys/old", "data/out")) {
      Files.createDirectories(at(name));
    }
    readable.add(at("java/jdk"));
    readable.add(at("app/classes"));
  }

  private Path at(String name) {
    return base.resolve(name);
  }

  private Sandbox.Start start() {
    Path pool = at("tmp/pool");
    return new Sandbox.Start(pool, pool, pool, readable, at("data/out"));
  }

  private void assertRefused(BoxPaths paths, String... words) {
    assertThatThrownBy(() -> paths.check(start()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("the sandbox can't do ")
        .hasMessageContainingAll(words);
  }

  private void assertAllowed(BoxPaths paths) {
    assertThatCode(() -> paths.check(start())).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"java", "java/jdk", "app", "app/classes", "tmp", "tmp/pool", ""})
  void whatAllRunIsNotWritten(String name) {
    assertRefused(
        BoxPaths.NONE.writable(at(name)), "writable(" + at(name) + "), which is or holds ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"data", "data/out", "data/out/memory", "link"})
  void norIsWhereMemoryIsShared(String memory) throws IOException {
    Files.createSymbolicLink(at("link"), at("data/out"));
    SteadyPaths steady = BoxPaths.NONE.writable(at("data")).check(start());
    assertThatThrownBy(() -> steady.checkMemory(at(memory)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(
            "can't do writable(" + at("data") + ")",
            at(memory).toString(),
            "procpool.sharedMemory");
    assertThatCode(() -> steady.checkMemory(at("tmp"))).doesNotThrowAnyException();
  }

  @Test
  void norIsWhatIsInAClassPath() {
    assertRefused(
        BoxPaths.NONE.writable(at("app/classes/a")), "is in " + at("app/classes") + ", which");
  }

  @Test
  void norWhatTheSystemNeeds() {
    assertRefused(BoxPaths.NONE.writable(Path.of("/etc")), "writable(/etc)", "of the system");
  }

  @Test
  void norIsAnythingReachedByALink() throws IOException {
    Path link = Files.createSymbolicLink(at("data/out/link"), at("app/classes"));
    Path other = Files.createSymbolicLink(at("other"), at("app"));
    assertRefused(BoxPaths.NONE.writable(other), "writable(" + other + ")");
    readable.add(link);
    assertRefused(BoxPaths.NONE.writable(at("data/out")), "is or holds " + link);
  }

  @Test
  void whatIsNamedInAWritableDirectoryIsDirectlyInIt() {
    BoxPaths data = BoxPaths.NONE.writable(at("data"));
    String cure = "name " + at("data/in") + " by readable or writable";
    assertRefused(data.hidden(at("data/in/keys")), "hidden(" + at("data/in/keys"), cure);
    assertRefused(data.readable(at("data/in/keys")), "readable(" + at("data/in/keys"), cure);
    assertRefused(data.writable(at("data/in/keys")), "writable(" + at("data/in/keys"), cure);
    assertRefused(data.hidden(at("data/in/keys/old")), cure);
    assertAllowed(data.hidden(at("data/in")).readable(at("data/out")));
  }

  @Test
  void orInAnotherThatIsNamed() {
    BoxPaths data = BoxPaths.NONE.writable(at("data"));
    assertAllowed(data.writable(at("data/in")).hidden(at("data/in/keys")));
    assertAllowed(data.readable(at("data/in")).hidden(at("data/in/keys/old")));
    assertRefused(
        data.readable(at("data/in")).writable(at("data/in")).hidden(at("data/in/keys/old")),
        "name " + at("data/in/keys") + " by");
  }

  @Test
  void andNotByALinkThatWorkersCouldReplace() throws IOException {
    Path link = Files.createSymbolicLink(at("data/out/link"), at("data/in"));
    assertRefused(
        BoxPaths.NONE.writable(at("data/out")).readable(link),
        "readable(" + link + "), which leads through the link " + link,
        "name where it leads, " + at("data/in"));
    assertAllowed(BoxPaths.NONE.writable(at("data/in")).readable(link));
  }

  @Test
  void whatIsHiddenHasToStay() throws IOException {
    BoxPaths paths = BoxPaths.NONE.readable(at("data")).hidden(at("data/in/keys/old"));
    new SteadyPaths(paths).note(at("tmp/pool"));
    new SteadyPaths(paths).checkUnchanged(at("tmp/pool"));
    Files.move(at("data/in"), at("data/moved"));
    assertThatThrownBy(() -> new SteadyPaths(paths).checkUnchanged(at("tmp/pool")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(at("data/in/keys/old") + " was to be hidden");
  }

  @Test
  void whatIsNamedHasToLeadToTheSame() throws IOException {
    BoxPaths paths = BoxPaths.NONE.readable(at("data/out"), at("data/in/keys"));
    new SteadyPaths(paths).note(at("tmp/pool"));
    Files.move(at("data/in"), at("data/moved"));
    new SteadyPaths(paths).checkUnchanged(at("tmp/pool")); // it is shown no more
    Files.createSymbolicLink(at("data/in"), at("java"));
    assertThatThrownBy(() -> new SteadyPaths(paths).checkUnchanged(at("tmp/pool")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(
            at("data/in/keys") + " led to " + at("data/in/keys") + ", and leads to");
  }
}
