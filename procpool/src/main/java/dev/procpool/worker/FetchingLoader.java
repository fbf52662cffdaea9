package dev.procpool.worker;

import dev.procpool.bytecode.CorePackages;
import dev.procpool.codec.ClassWithoutFile;
import dev.procpool.protocol.FetchMessage.Content;
import dev.procpool.protocol.FetchMessage.Kind;
import dev.procpool.protocol.FetchMessage.Origin;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Stands for one of the pool's class loaders, so that tasks from a shell, a single source file, a
 * nested jar or a plug-in find their classes.
 *
 * <p>What this worker's class path lacks is asked of the pool, once. So is what both have: the
 * pool's loader may prefer its own. The JDK's classes and ours are never asked for. An answer
 * brings along what the class refers to, so most classes cost no question.
 *
 * <p>Thread-safe.
 */
final class FetchingLoader extends ClassLoader {

  static {
    registerAsParallelCapable();
  }

  private final long id;
  private final ClassLoader own;
  private final ClassFetch fetch;

  /** What the pool has told, by path; a class file is dropped once the class is defined. */
  private final Map<String, Content> told = new ConcurrentHashMap<>();

  private final Map<String, List<URL>> resources = new ConcurrentHashMap<>();

  FetchingLoader(long id, ClassLoader own, ClassFetch fetch) {
    super("procpool-" + id, own);
    this.id = id;
    this.own = own;
    this.fetch = fetch;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (name.startsWith("java.") || CorePackages.hasClass(name)) {
      return own.loadClass(name);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : find(name);
    }
  }

  private Class<?> find(String name) throws ClassNotFoundException {
    String path = name.replace('.', '/') + ".class";
    Content content = told.get(path);
    if (content == null) {
      URL here = own.getResource(path);
      if (here != null && here.getProtocol().equals("jrt")) {
        return own.loadClass(name); // the JDK's, or a module's of this runtime image
      }
      for (Content more : fetch.fetch(id, Kind.CLASS, path)) {
        if (more.origin() != Origin.MISSING) { // it may be there when asked for again
          told.putIfAbsent(more.path(), more);
        }
      }
      content = told.get(path);
    }
    if (content != null && content.origin() == Origin.OWN) {
      byte[] bytes = content.bytes();
      Class<?> defined = defineClass(name, bytes, 0, bytes.length);
      told.remove(path);
      return defined;
    }
    try {
      return own.loadClass(name);
    } catch (ClassNotFoundException e) {
      if (content != null && content.origin() == Origin.NO_FILE) {
        String loader = new String(content.bytes(), StandardCharsets.UTF_8);
        throw new ClassWithoutFile(name, loader, e);
      }
      throw e;
    }
  }

  @Override
  protected @Nullable URL findResource(String name) {
    List<URL> found = fetched(name);
    return found.isEmpty() ? null : found.get(0);
  }

  @Override
  protected Enumeration<URL> findResources(String name) {
    return Collections.enumeration(fetched(name));
  }

  private List<URL> fetched(String name) {
    return resources.computeIfAbsent(
        name,
        path -> {
          List<URL> urls = new ArrayList<>();
          for (Content content : fetch.fetch(id, Kind.RESOURCES, path)) {
            urls.add(MemoryUrl.of(path, content.bytes()));
          }
          return List.copyOf(urls);
        });
  }
}
