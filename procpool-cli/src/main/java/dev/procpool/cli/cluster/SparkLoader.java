package dev.procpool.cli.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.Enumeration;

/**
 * Sees the jars of a Spark, and nothing of this program but procpool itself: Spark's libraries are
 * often those of this program in other versions. Defines the classes of {@code procpool-spark},
 * which this program has and which need Spark, anew. Thread-safe.
 */
final class SparkLoader extends URLClassLoader {

  static {
    registerAsParallelCapable();
  }

  private static final String OURS = "dev.procpool.";
  private static final String BRIDGE = "dev.procpool.spark.";

  private final ClassLoader program;

  SparkLoader(SparkHome home, ClassLoader program) {
    super("spark", home.urls(), ClassLoader.getPlatformClassLoader());
    this.program = program;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    return name.startsWith(OURS) && !name.startsWith(BRIDGE)
        ? program.loadClass(name)
        : super.loadClass(name, resolve);
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    if (!name.startsWith(BRIDGE)) {
      return super.findClass(name);
    }
    String path = name.replace('.', '/') + ".class";
    URL file = program.getResource(path);
    if (file == null) {
      throw new ClassNotFoundException(name);
    }
    try (InputStream in = file.openStream()) {
      byte[] bytes = in.readAllBytes();
      return defineClass(name, bytes, 0, bytes.length, domain(file, path));
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  /** Says which jar it is from: executors are sent that. */
  private ProtectionDomain domain(URL file, String path) throws MalformedURLException {
    String place = file.toString();
    place = place.substring(0, place.length() - path.length());
    if (place.startsWith("jar:")) {
      place = place.substring("jar:".length(), place.length() - "!/".length());
    }
    CodeSource source = new CodeSource(new URL(place), (Certificate[]) null);
    return new ProtectionDomain(source, null, this, null);
  }

  @Override
  public URL getResource(String name) {
    URL found = ClassLoader.getPlatformClassLoader().getResource(name);
    return found != null ? found : findResource(name);
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    return findResources(name);
  }
}
