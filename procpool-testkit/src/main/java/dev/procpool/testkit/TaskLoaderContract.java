package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.Pool;
import dev.procpool.function.Action1;
import dev.procpool.function.Args;
import dev.procpool.function.Task1;
import dev.procpool.function.Task2;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.lang.reflect.Constructor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Section 6 of the contract: tasks of a plug-in's class loader, which prefers its own classes. */
public abstract class TaskLoaderContract extends ContractTest {

  /** For subclasses. */
  protected TaskLoaderContract() {}

  /** A result of the plug-in's. */
  static final class Part implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  /** Makes results of the plug-in's. */
  static final class MakesParts implements Task1<Object, Object> {
    private static final long serialVersionUID = 1L;

    @Override
    public Object call(Object ignored) {
      return new Part();
    }
  }

  /** The same with two arguments, so that the pool puts an adapter of its own around it. */
  static final class MakesPartsOfTwo implements Task2<Object, Object, Object> {
    private static final long serialVersionUID = 1L;

    @Override
    public Object call(Object one, Object other) {
      return new Part();
    }
  }

  /** Fails if it is given another's part, or its thread has another's context class loader. */
  static final class ChecksParts implements Action1<Object> {
    private static final long serialVersionUID = 1L;

    @Override
    public void run(Object part) throws ClassNotFoundException {
      Class<?> own = Part.class;
      ClassLoader context = Thread.currentThread().getContextClassLoader();
      if (!own.isInstance(part) || context.loadClass(own.getName()) != own) {
        throw new AssertionError(part.getClass() + " of another loader, in " + context);
      }
    }
  }

  @Test
  @SuppressWarnings("unchecked") // they are what their names say
  void resultsAndArgumentsAreOfTheTasksOwnClasses() throws Exception {
    PlugIn plugIn = new PlugIn();
    Class<?> part = plugIn.loadClass(Part.class.getName());
    assertThat(part).isNotSameAs(Part.class);
    Pool pool = pool(1);
    Task1<Object, Object> one = (Task1<Object, Object>) plugIn.make(MakesParts.class);
    assertThat(pool.apply(one, 0)).isInstanceOf(part);
    Task2<Object, Object, Object> two =
        (Task2<Object, Object, Object>) plugIn.make(MakesPartsOfTwo.class);
    assertThat(pool.starmap(two, List.of(Args.of(1, 2), Args.of(3, 4))))
        .hasSize(2)
        .allMatch(part::isInstance);
    Action1<Object> check = (Action1<Object>) plugIn.make(ChecksParts.class);
    pool.forEach(check, List.of(plugIn.make(Part.class)));
  }

  @Test
  void aWorkersThreadHasNoPlugInsLoaderAfterwards() throws Exception {
    PlugIn plugIn = new PlugIn();
    Pool pool = pool(1);
    pool.forEach(cast(plugIn.make(ChecksParts.class)), List.of(plugIn.make(Part.class)));
    pool.forEach(new ChecksParts(), List.of(new Part()));
  }

  @SuppressWarnings("unchecked") // it is one
  private static Action1<Object> cast(Object action) {
    return (Action1<Object>) action;
  }

  /** Has classes of its own for those within this one. */
  private static final class PlugIn extends ClassLoader {

    PlugIn() {
      super(TaskLoaderContract.class.getClassLoader());
    }

    Object make(Class<?> twin) throws Exception {
      Constructor<?> constructor = loadClass(twin.getName()).getDeclaredConstructor();
      constructor.setAccessible(true);
      return constructor.newInstance();
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        boolean isOwn =
            name.startsWith(TaskLoaderContract.class.getName() + "$")
                && !name.equals(PlugIn.class.getName());
        Class<?> known = isOwn ? findLoadedClass(name) : super.loadClass(name, resolve);
        return known == null ? define(name) : known;
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
