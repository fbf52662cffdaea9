package dev.procpool.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the memory shared with workers is, if the place for it can't be used. */
class MemoryFilesTest {

  private static final Logger LOG = Logger.getLogger("dev.procpool");

  @TempDir Path base;

  private final TemporaryDirectoryProperty property = new TemporaryDirectoryProperty();
  private final List<String> said = new ArrayList<>();
  private final AtomicBoolean hasSaid = new AtomicBoolean();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          said.add(record.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  private PoolDirectory directory;

  @BeforeEach
  void begin() throws IOException {
    property.set(base);
    directory = PoolDirectory.create();
    LOG.addHandler(handler);
  }

  @AfterEach
  void end() {
    LOG.removeHandler(handler);
    System.clearProperty(MemoryFiles.PROPERTY);
    directory.delete();
    property.restore();
  }

  private MemoryFiles filesIn(Path preferred) {
    System.setProperty(MemoryFiles.PROPERTY, preferred.toString());
    return new MemoryFiles(directory, hasSaid);
  }

  @Test
  void theyAreInTheDirectoryThatIsNamed() throws IOException {
    Path named = Files.createDirectory(base.resolve("named"));

    MemoryFiles.Named made = filesIn(named).create(1);

    assertThat(made.file()).hasParent(named);
    assertThat(said).isEmpty();
    made.unlink();
    assertThat(named).isEmptyDirectory();
  }

  @Test
  void aDirectoryThatIsMissingIsNamedOnce() throws IOException {
    Path missing = base.resolve("missing");

    for (int worker = 1; worker <= 3; worker++) {
      MemoryFiles.Named made = filesIn(missing).create(worker);

      assertThat(made.file()).hasParent(directory.socket().getParent());
      made.unlink();
    }

    assertThat(said).singleElement().asString().contains(missing.toString());
    assertThat(missing).doesNotExist();
  }

  @Test
  void whatIsNoDirectoryIsNamedOnce() throws IOException {
    Path file = Files.createFile(base.resolve("file"));

    MemoryFiles.Named made = filesIn(file).create(1);

    assertThat(made.file()).hasParent(directory.socket().getParent());
    assertThat(said).singleElement().asString().contains(file.toString());
  }
}
