package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.procpool.Pool;
import dev.procpool.Shared;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker can't have its caller read a file: a handle that names one is worth nothing there. */
class ForgedHandleTest extends ProcessPoolTest {

  @TempDir Path directory;

  /** In a worker: makes its handle name another file. */
  private static <T> Shared<T> forged(Shared<T> handle, String file) throws Exception {
    Field key = handle.getClass().getSuperclass().getDeclaredField("key");
    key.setAccessible(true);
    key.set(handle, file);
    return handle;
  }

  @Test
  void theCallerReadsNoFileThatAWorkerNames() throws Exception {
    Pool pool = pool(1);
    Shared<int[]> shared = pool.share(new int[] {1, 2, 3});
    String secret = Files.write(directory.resolve("secret"), new byte[12]).toString();
    Shared<int[]> returned = pool.apply(s -> forged(s, secret), shared);
    assertThatIllegalStateException().isThrownBy(returned::get).withMessageContaining("not there");
    returned.close();
    assertThat(shared.get()).hasSize(3);
    assertThat(pool.<Shared<int[]>, Integer>apply(s -> s.get().length, shared)).isEqualTo(3);
  }
}
