package dev.procpool.local.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A folder is swapped for a link to a victim's home, again and again, while pools remove it. */
@Timeout(120)
class SwappedFoldersTest {

  private static final Path PYTHON = Path.of("/usr/bin/python3");
  private static final Path SETPRIV = Path.of("/usr/bin/setpriv");
  private static final int PASSES = 1000;
  private static final int FILES = 50;

  /** Somebody else's, who need not be known to this machine. */
  private static final String OTHER_USER = "54321";

  /** Has the kernel exchange two names at once, whatever they stand for. */
  private static final String ATTACKER =
      String.join(
          "\n",
          "import ctypes, os, shutil, socket, sys",
          "base, home, mark = sys.argv[1:4]",
          "libc = ctypes.CDLL(None, use_errno=True)",
          "trap, link = base + '/procpool-trap', base + '/link'",
          "def exchange():",
          "  at = ctypes.c_int(-100)",
          "  a, b = trap.encode(), link.encode()",
          "  return libc.renameat2(at, a, at, b, ctypes.c_uint(2))",
          "def restore():",
          "  for path in (trap, link):",
          "    if os.path.islink(path): os.unlink(path)",
          "    else: shutil.rmtree(path, ignore_errors=True)",
          "  os.mkdir(trap, 0o700)",
          "  os.symlink(home, link)",
          "  with open(trap + '/made-by', 'w') as file: file.write(mark)",
          "  listener = socket.socket(socket.AF_UNIX)",
          "  listener.bind(trap + '/s')",
          "  listener.close()",
          "  for i in range(200): open(trap + '/file-%d' % i, 'w').close()",
          "  os.utime(trap, (0, 0))",
          "restore()",
          "if exchange() != 0: sys.exit(3)",
          "exchange()",
          "print('attacks', flush=True)",
          "while True:",
          "  try:",
          "    if exchange() != 0: restore()",
          "  except OSError: pass");

  @TempDir Path base;

  private final TemporaryDirectoryProperty property = new TemporaryDirectoryProperty();
  private PoolDirectory own;
  private Path home;

  @BeforeEach
  void begin() throws IOException {
    assumeTrue(Files.isExecutable(PYTHON), "no " + PYTHON + " here");
    property.set(base);
    own = PoolDirectory.create();
    home = Files.createDirectory(base.resolve("home"));
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
    for (int i = 0; i < FILES; i++) {
      Files.createFile(home.resolve("file-" + i));
    }
    Files.setLastModifiedTime(home, FileTime.fromMillis(0));
  }

  @AfterEach
  void end() {
    property.restore();
  }

  /** Even he is kept out who could write the mark: every step goes to the folder that bears it. */
  @Test
  void ofTheSameUser() throws Exception {
    attack(List.of());
  }

  @Test
  void ofAnotherUser() throws Exception {
    boolean isRoot = "root".equals(Files.getOwner(home).getName());
    assumeTrue(isRoot, "only root can act as another user");
    assumeTrue(Files.isExecutable(SETPRIV), "no " + SETPRIV + " here");
    run("chmod", "1777", base.toString());
    attack(
        List.of(
            SETPRIV.toString(), "--reuid", OTHER_USER, "--regid", OTHER_USER, "--clear-groups"));
  }

  private void attack(List<String> before) throws Exception {
    String mark =
        Files.readString(own.file("made-by"))
            .replace(own.path().getFileName().toString(), "procpool-trap")
            .replaceFirst("\\d+\n$", "1\n");
    List<String> command = new ArrayList<>(before);
    command.addAll(
        List.of(PYTHON.toString(), "-c", ATTACKER, base.toString(), home.toString(), mark));
    Process attacker = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      String line = attacker.inputReader().readLine();
      assumeTrue("attacks".equals(line), "names can't be exchanged here: " + line);
      for (int pass = 0; pass < PASSES && attacker.isAlive(); pass++) {
        own.deleteStale();
      }
      assertThat(attacker.isAlive()).isTrue();
      try (Stream<Path> files = Files.list(home)) {
        assertThat(files).hasSize(FILES);
      }
      assertThat(own.path()).isDirectory();
    } finally {
      attacker.destroyForcibly();
      assertThat(attacker.waitFor(1, TimeUnit.MINUTES)).isTrue();
    }
  }

  private static void run(String... command) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }
}
