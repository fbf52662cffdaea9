package dev.procpool.spark.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.spark.wire.Wire;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folder of shared values and its end, which Spark may see to at the same moment. */
class SharedFilesTest {

  @TempDir private Path place;

  @Test
  void closeRemovesTheFolderWithWhatIsInIt() throws Exception {
    SharedFiles files = files();
    Files.writeString(files.folder().resolve("value"), "one");
    Path inner = Files.createDirectories(files.folder().resolve("inner"));
    Files.writeString(inner.resolve("value"), "two");
    files.close();
    assertThat(place).isEmptyDirectory();
  }

  @Test
  void closeThrowsNothingWhenSparkHasRemovedTheFolder() throws Exception {
    SharedFiles files = files();
    Files.delete(files.folder());
    files.close();
    assertThat(place).isEmptyDirectory();
  }

  @Test
  void closeThrowsNothingWhenSparkHasRemovedThePlace() throws Exception {
    SharedFiles files = new SharedFiles(question -> Wire.NOTHING, Files.createDirectory(inner()));
    Files.delete(files.folder());
    Files.delete(inner());
    files.close();
    files.close();
    assertThat(inner()).doesNotExist();
  }

  @Test
  void whatTheDriverHasNoMoreIsNotThere() throws Exception {
    SharedFiles files = files();
    files.need(List.of("gone"));
    assertThat(files.folder()).isEmptyDirectory();
    assertThat(files.drop("gone")).isFalse();
    files.close();
  }

  private Path inner() {
    return place.resolve("blocks");
  }

  private SharedFiles files() throws Exception {
    return new SharedFiles(question -> Wire.NOTHING, place);
  }
}
