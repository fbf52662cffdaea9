package dev.procpool.local.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Options of bubblewrap that make a tree out of what is to be shown. */
class ShownPathsTest {

  @TempDir Path temporary;

  private final ShownPaths shown = new ShownPaths();
  private Path base;

  @BeforeEach
  void realPath() throws IOException {
    base = temporary.toRealPath();
  }

  private Path folder(String name) throws IOException {
    return Files.createDirectories(base.resolve(name));
  }

  /** Without the root's own. */
  private List<String> options() {
    List<String> options = new ArrayList<>(shown.options());
    int end = options.size();
    assertThat(options.subList(end - 2, end)).containsExactly("--remount-ro", "/");
    return options.subList(0, end - 2);
  }

  private static List<String> bind(String option, Path path) {
    return List.of(option, path.toString(), path.toString());
  }

  @Test
  void whatIsThereIsShownWhereItIs() throws IOException {
    Path a = folder("a");
    shown.add(a, ShownPaths.How.READ);
    shown.add(base.resolve("missing"), ShownPaths.How.READ);
    assertThat(options()).isEqualTo(bind("--ro-bind-try", a));
  }

  @Test
  void whatIsWithinIsShownAlready() throws IOException {
    shown.add(folder("a/b"), ShownPaths.How.READ);
    shown.add(folder("a/c"), ShownPaths.How.DIRECTORY);
    shown.add(folder("a"), ShownPaths.How.READ);
    assertThat(options()).isEqualTo(bind("--ro-bind-try", base.resolve("a")));
  }

  @Test
  void outerPathsComeFirst() throws IOException {
    Path read = folder("a/b/c");
    Path write = folder("a/b");
    Path hidden = folder("a/b/c/d");
    shown.add(hidden, ShownPaths.How.COVERED);
    shown.add(read, ShownPaths.How.READ);
    shown.add(write, ShownPaths.How.WRITE);
    List<String> expected = new ArrayList<>(bind("--bind", write));
    expected.addAll(bind("--ro-bind-try", read));
    expected.addAll(List.of("--tmpfs", hidden.toString(), "--remount-ro", hidden.toString()));
    assertThat(options()).isEqualTo(expected);
  }

  @Test
  void whatIsNotShownNeedsNoHiding() throws IOException {
    shown.add(folder("a"), ShownPaths.How.COVERED);
    assertThat(options()).isEmpty();
  }

  @Test
  void linksStayLinks() throws IOException {
    Path real = folder("data/2026");
    Path current = Files.createSymbolicLink(base.resolve("data/current"), Path.of("2026"));
    Path link = Files.createSymbolicLink(base.resolve("link"), current);
    shown.add(link.resolve("../current"), ShownPaths.How.READ);
    assertThat(options())
        .containsSubsequence("--symlink", current.toString(), link.toString())
        .containsSubsequence("--symlink", "2026", current.toString())
        .containsSubsequence(bind("--ro-bind-try", real))
        .hasSize(9);
  }

  @Test
  void aCircleLeadsNowhere() throws IOException {
    Path circle = base.resolve("circle");
    Files.createSymbolicLink(circle, circle);
    shown.add(circle, ShownPaths.How.READ);
    shown.add(circle.resolve("x"), ShownPaths.How.DIRECTORY);
    assertThat(options()).isEmpty();
  }

  @Test
  void aPlaceOfItsOwnIsWhatItIsNotOutside() throws IOException {
    Path outside = folder("outside");
    Path inner = Files.createDirectory(outside.resolve("inner"));
    Path own = Files.createSymbolicLink(base.resolve("own"), outside);
    shown.addOwn(own, List.of("--tmpfs", own.toString()));
    shown.add(own.resolve("inner"), ShownPaths.How.READ);
    List<String> expected = new ArrayList<>(List.of("--tmpfs", own.toString()));
    expected.addAll(bind("--ro-bind-try", own.resolve("inner")));
    assertThat(options()).isEqualTo(expected);
    assertThat(inner).isDirectory();
  }

  @Test
  void aRootThatIsShownIsNotInMemory() {
    shown.add(Path.of("/"), ShownPaths.How.READ);
    assertThat(shown.options()).containsExactly("--ro-bind-try", "/", "/");
  }

  @Test
  void aRootThatIsOnlyADirectoryStaysReadOnly() throws IOException {
    Path link = Files.createSymbolicLink(base.resolve("link"), Path.of("/"));
    shown.add(Path.of("/"), ShownPaths.How.DIRECTORY);
    shown.add(link, ShownPaths.How.DIRECTORY);
    assertThat(options()).containsExactly("--symlink", "/", link.toString());
  }
}
