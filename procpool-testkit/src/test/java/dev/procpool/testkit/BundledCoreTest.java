package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.Pool;
import dev.procpool.local.ProcessPool;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The core in a jar within a bundle's, as OSGi has it: its classes say that they come from the
 * bundle, where a worker would not find them.
 */
class BundledCoreTest extends ProcessPoolTest {

  @TempDir Path directory;

  /** Defines the classes of the core and of this test anew. */
  private static final class BundleLoader extends ClassLoader {

    private final ProtectionDomain domain;

    BundleLoader(URL bundle) {
      super(BundledCoreTest.class.getClassLoader());
      CodeSource source = new CodeSource(bundle, (Certificate[]) null);
      domain = new ProtectionDomain(source, null);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        Class<?> known = findLoadedClass(name);
        if (known != null || !name.startsWith("dev.procpool.")) {
          return known == null ? super.loadClass(name, resolve) : known;
        }
        try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
          if (in == null) {
            throw new ClassNotFoundException(name);
          }
          byte[] content = in.readAllBytes();
          return defineClass(name, content, 0, content.length, domain);
        } catch (IOException e) {
          throw new ClassNotFoundException(name, e);
        }
      }
    }
  }

  /** What the bundle has on its class path. */
  public static final class Activator {
    private Activator() {}

    public static String run() throws Exception {
      try (Pool pool = ProcessPool.create(1)) {
        return pool.apply(
            x -> "worker " + x + " " + (ProcessPool.class.getClassLoader() != null), 1);
      }
    }
  }

  /** The program that has the bundle, and nothing of it on its class path that is used. */
  static final class Host {
    private Host() {}

    public static void main(String[] arguments) throws Exception {
      Path bundle = Path.of(arguments[0]);
      ClassLoader loader = new BundleLoader(bundle.toUri().toURL());
      Class<?> activator = loader.loadClass(Activator.class.getName());
      System.out.println(activator.getMethod("run").invoke(null));
    }
  }

  @Test
  void workersStartFromClassesThatTheLoaderShows() throws Exception {
    Path bundle = directory.resolve("bundle.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(bundle))) {
      out.putNextEntry(new JarEntry("lib/procpool.jar"));
      out.closeEntry();
    }
    try (ChildJvm program = new ChildJvm(directory, Host.class, bundle.toString())) {
      assertThat(program.exitCode()).as(program.errors()).isZero();
      assertThat(program.output()).containsExactly("worker 1 true");
    }
  }
}
