package dev.procpool.codec;

import dev.procpool.Pool;
import dev.procpool.ResultIterator;
import dev.procpool.WorkerContext;
import java.nio.Buffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Spliterator;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;

/**
 * What to do about an object that can't be serialized, where what it is tells. Each advice works in
 * the language of the class.
 */
final class Advice {

  /** How classes are called that frameworks and mock libraries make at run time. */
  private static final List<String> GENERATED =
      List.of("CGLIB$$", "$ByteBuddy$", "$HibernateProxy$", "_ClientProxy", "$MockitoMock$");

  /** What is of a language's own library, which users can't change. */
  private static final List<String> LIBRARIES =
      List.of("kotlin.", "kotlinx.", "scala.", "groovy.", "org.codehaus.groovy.", "clojure.");

  static final String OF_FUTURE = "wait for it first, and pass its value";

  /** What to do about an object that a framework has put in the place of another. */
  static final String OF_PROXY =
      "it is a proxy that a framework has made: pass what the task needs of it, or make it in the"
          + " initializer";

  private Advice() {}

  /** The advice; null if the kind of object has none of its own. */
  static @Nullable String of(Object culprit) {
    if (culprit instanceof Pool) {
      return "a pool is of one process: let the caller pass what this call returns to the next, or"
          + " make another pool in the task";
    } else if (culprit instanceof WorkerContext) {
      return "call WorkerContext.current() where it is needed";
    } else if (culprit instanceof Future) {
      return OF_FUTURE;
    } else if (culprit == System.out || culprit == System.err) {
      String name = culprit == System.out ? "System.out" : "System.err";
      return "name it in the task, as in x -> "
          + name
          + ".println(x): that of the worker prints here as well";
    } else if (culprit instanceof CountDownLatch
        || culprit instanceof CyclicBarrier
        || culprit instanceof Phaser) {
      return "other processes can't reach it: return a value, and wait for the call";
    }
    if (culprit instanceof Record) {
      return closedRecord(culprit.getClass());
    }
    String byName = byName(culprit);
    return byName != null ? byName : ofContainer(culprit);
  }

  /** Records travel as they are, but where reflection may not look into them. */
  private static @Nullable String closedRecord(Class<?> type) {
    return type.getModule().isNamed()
        ? "its module does not let it be looked into: write 'opens "
            + type.getPackageName()
            + " to dev.procpool;' in the module-info of "
            + type.getModule().getName()
            + ", or let the record be Serializable"
        : null;
  }

  private static @Nullable String ofContainer(Object culprit) {
    boolean ofJdk = isOfJdk(culprit.getClass());
    if (culprit instanceof BaseStream || isA(culprit, "kotlin.sequences.Sequence")) {
      return "pass its elements, as its toList() gives them";
    } else if (culprit instanceof AutoCloseable && !(culprit instanceof ResultIterator)) {
      return "open it in the task, or once for each worker in the initializer";
    } else if (culprit instanceof Iterator
        || culprit instanceof Spliterator
        || culprit instanceof Enumeration) {
      return "pass its elements, in a list";
    } else if (culprit instanceof Path) {
      return "its file system is of this process alone: pass its text, path.toString()";
    } else if (culprit instanceof Buffer) {
      return "pass its content, in an array";
    } else if (ofJdk && culprit instanceof Map) {
      return "it is a view of another map: pass a copy, such as new HashMap<>(map)";
    } else if (ofJdk && culprit instanceof Collection) {
      return "it is a view of another collection: pass a copy, such as new ArrayList<>(list)";
    } else if (ofJdk && culprit instanceof Iterable) {
      return "pass what it holds";
    }
    return null;
  }

  private static @Nullable String byName(Object culprit) {
    String name = culprit.getClass().getName();
    if (isA(culprit, "clojure.lang.IDeref")) {
      return "pass its value, as (deref x) gives it";
    } else if (name.startsWith("clojure.lang.Reflector$")) { // around a function
      return "write the task as (reify dev.procpool.function.Task1 (call [_ x] ...)), in a namespace"
          + " that is compiled ahead of time";
    } else if (isA(culprit, "Logger") || isA(culprit, "org.apache.commons.logging.Log")) {
      return "get the logger in the task, or keep it in a static field, which each process has for"
          + " itself";
    } else if (GENERATED.stream().anyMatch(name::contains)) {
      return OF_PROXY;
    }
    return null;
  }

  /** Tells whether a class has a supertype of this name; a simple name means any package. */
  private static boolean isA(Object object, String name) {
    return isA(object.getClass(), name);
  }

  static boolean isA(Class<?> object, String name) {
    for (Class<?> type = object; type != null; type = type.getSuperclass()) {
      if (isNamed(type, name)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isNamed(Class<?> type, String name) {
    if (type.getName().equals(name) || type.getSimpleName().equals(name)) {
      return true;
    }
    for (Class<?> implemented : type.getInterfaces()) {
      if (isNamed(implemented, name)) {
        return true;
      }
    }
    return false;
  }

  /** Tells whether users can't change a class, as it is of the JDK or of a language's library. */
  static boolean isOfLibrary(Class<?> type) {
    return isOfJdk(type) || isOfLibrary(type.getName());
  }

  static boolean isOfLibrary(String className) {
    return LIBRARIES.stream().anyMatch(className::startsWith);
  }

  /** Tells whether users can't change a class: those of the JDK, whatever its modules. */
  static boolean isOfJdk(Class<?> type) {
    ClassLoader loader = type.getClassLoader();
    return loader == null || loader == ClassLoader.getPlatformClassLoader();
  }
}
