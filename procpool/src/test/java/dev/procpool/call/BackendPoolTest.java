package dev.procpool.call;

import static dev.procpool.call.ScriptedBackend.SAFETY;
import static dev.procpool.call.ScriptedBackend.pullAll;
import static dev.procpool.call.ScriptedBackend.succeed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.AsyncResult;
import dev.procpool.OnClose;
import dev.procpool.Pool;
import dev.procpool.PoolObserver;
import dev.procpool.spi.BackendPool;
import dev.procpool.spi.Submission;
import java.io.InputStream;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The way from a backend of anybody's to a pool. */
class BackendPoolTest {

  @Test
  void aBackendOfAnybodysIsAPool() throws Exception {
    ScriptedBackend backend = new ScriptedBackend();
    try (Pool pool = BackendPool.of("anybodys", backend, OnClose.JOIN)) {
      AsyncResult<Integer> result = pool.applyAsync(x -> x, 1);
      Submission<Object, Object> call = backend.call();
      assertThat(pullAll(call)).isEqualTo(1);
      succeed(call, 0, 7);
      assertThat(result.get(SAFETY)).isEqualTo(7);
      assertThat(pool).hasToString("pool 'anybodys'");
    }
    assertThat(backend.shutdowns).hasValue(1);
    Leftovers.assertNoThread("procpool-anybodys");
  }

  @Test
  void theCallersContextLoaderDoesNotMatter() throws Exception {
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try {
      Thread.currentThread().setContextClassLoader(null);
      BackendPool.of("context", new ScriptedBackend(), OnClose.TERMINATE).close();
      Thread.currentThread().setContextClassLoader(ClassLoader.getPlatformClassLoader());
      BackendPool.of("context", new ScriptedBackend(), OnClose.TERMINATE).close();
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
    Leftovers.assertNoThread("procpool-context");
  }

  @Test
  void aPoolThatCantBeMadeEndsTheBackendThatItWasToOwn() {
    ScriptedBackend nameless = new ScriptedBackend();
    assertThatThrownBy(() -> BackendPool.of(null, nameless, OnClose.JOIN)).hasMessage("name");
    assertThat(nameless.terminations).hasValue(1);
    ScriptedBackend endless = new ScriptedBackend();
    assertThatThrownBy(() -> BackendPool.of("pool", endless, null)).hasMessage("onClose");
    assertThat(endless.terminations).hasValue(1);
    assertThatThrownBy(() -> BackendPool.of("pool", null, OnClose.JOIN)).hasMessage("backend");
  }

  @Test
  void aJarWithoutItsServicesIsToldOf() throws Exception {
    Class<?> pools = Class.forName(BackendPool.class.getName(), true, new Repacked());
    Class<?> backendType = pools.getClassLoader().loadClass("dev.procpool.spi.Backend");
    Class<?> onCloseType = pools.getClassLoader().loadClass(OnClose.class.getName());
    AtomicInteger terminations = new AtomicInteger();
    Object backend =
        Proxy.newProxyInstance(
            pools.getClassLoader(),
            new Class<?>[] {backendType},
            (proxy, method, arguments) ->
                method.getName().equals("terminate") ? terminations.incrementAndGet() : null);
    Class<?> observerType = pools.getClassLoader().loadClass(PoolObserver.class.getName());
    Object nobody = Array.newInstance(observerType, 0);
    Method of = pools.getMethod("of", String.class, backendType, onCloseType, nobody.getClass());

    assertThatThrownBy(() -> of.invoke(null, "pool", backend, null, nobody))
        .isInstanceOf(InvocationTargetException.class)
        .cause()
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("META-INF/services/dev.procpool.spi.BackendPool")
        .hasMessageContaining("ServicesResourceTransformer");
    assertThat(terminations).hasValue(1);
  }

  /** Has the core once more, without the files of its services. */
  private static final class Repacked extends ClassLoader {

    Repacked() {
      super(BackendPoolTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith("dev.procpool.")) {
        return super.loadClass(name, resolve);
      }
      Class<?> known = findLoadedClass(name);
      return known == null ? define(name) : known;
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (Exception e) {
        throw new ClassNotFoundException(name, e);
      }
    }

    @Override
    public Enumeration<URL> getResources(String name) {
      return Collections.emptyEnumeration();
    }
  }
}
