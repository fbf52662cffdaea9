package dev.procpool.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.Pool;
import dev.procpool.inline.InlinePool;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a user's open views are written down. */
class ViewFilesTest {

  private static final long OWN = ProcessHandle.current().pid();

  @TempDir Path parent;
  private Path folder;

  @BeforeEach
  void tellFolder() {
    folder = parent.resolve("views");
    System.setProperty(ViewFiles.PROPERTY, folder.toString());
  }

  @AfterEach
  void tellNowhere() {
    System.setProperty(ViewFiles.PROPERTY, "off");
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void anOpenViewIsFoundByItsProcessAndReadByItsUserOnly() throws Exception {
    try (Pool pool = InlinePool.create(1)) {
      PoolView view = PoolView.open(pool);
      assertThat(PoolView.find(OWN)).contains(view.url());
      assertThat(mode(folder)).isEqualTo("rwx------");
      assertThat(files())
          .singleElement()
          .satisfies(file -> assertThat(mode(file)).isEqualTo("rw-------"));
      view.close();
      assertThat(PoolView.find(OWN)).isEmpty();
      assertThat(files()).isEmpty();
    }
  }

  @Test
  void inAFolderThatOthersMayReadNothingIsWritten() throws Exception {
    Files.createDirectory(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThatThrownBy(() -> ViewFiles.write(URI.create("http://127.0.0.1:1/#token=t"), 1))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("mode 700");
    assertThat(files()).isEmpty();
    try (Pool pool = InlinePool.create(1);
        PoolView view = PoolView.open(pool)) {
      assertThat(view.url()).as("the view opens all the same").isNotNull();
      assertThat(files()).isEmpty();
    }
  }

  @Test
  void aLinkInThePlaceOfTheFolderIsNotUsed() throws Exception {
    Path elsewhere = Files.createDirectory(parent.resolve("elsewhere"));
    Files.createSymbolicLink(folder, elsewhere);
    assertThatThrownBy(() -> ViewFiles.write(URI.create("http://127.0.0.1:1/#token=t"), 1))
        .isInstanceOf(IOException.class);
    assertThat(files()).isEmpty();
  }

  @Test
  void whatKilledProgramsHaveLeftIsRemovedAndNonsenseIsNotFound() throws Exception {
    ViewFiles.write(URI.create("http://127.0.0.1:1/#token=t"), 1);
    Path own = files().get(0);
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    Path stale = Files.copy(own, folder.resolve(ended.pid() + "-5.view"));
    Path foreign = Files.writeString(folder.resolve("note.txt"), "mine");
    Files.writeString(folder.resolve("1-5.view"), "host=\\u00\nurl=x");
    assertThat(PoolView.find(1)).isEmpty();
    ViewFiles.write(URI.create("http://127.0.0.1:2/#token=t"), 2);
    assertThat(stale).doesNotExist();
    assertThat(foreign).exists();
    assertThat(own).exists();
  }

  @Test
  void viewsOfAnotherMachineThatSharesTheHomeAreLeftAloneAndNotFound() throws Exception {
    ViewFiles.write(URI.create("http://127.0.0.1:1/#token=t"), 1);
    assertThat(Files.readAllLines(files().get(0)))
        .as("the kernel's name, no name server's")
        .contains("host=" + Files.readString(Path.of("/proc/sys/kernel/hostname")).strip());
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    Path elsewhere =
        Files.writeString(
            folder.resolve(ended.pid() + "-5.view"), "host=elsewhere\nurl=http\\://127.0.0.1\\:5/");
    ViewFiles.write(URI.create("http://127.0.0.1:2/#token=t"), 2);
    assertThat(elsewhere).exists();
    assertThat(PoolView.find(ended.pid())).isEmpty();
  }
}
