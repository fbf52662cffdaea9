package dev.procpool.languages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.Pool;
import dev.procpool.function.Task1;
import dev.procpool.local.ProcessPool;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.dynamic.loading.ClassLoadingStrategy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.cglib.proxy.Enhancer;
import org.springframework.cglib.proxy.NoOp;

/** What a program is told whose task takes along what a framework has put in a bean's place. */
class ProxyTest {

  private static final String ADVICE =
      " is not Serializable; it is a proxy that a framework has made: pass what the task needs of"
          + " it, or make it in the initializer";

  /** A bean's interface. */
  public interface Prices {
    int of(int x);
  }

  /** A bean. */
  public static class Bean implements Prices {
    @Override
    public int of(int x) {
      return 2 * x;
    }
  }

  private static Pool pool;

  @BeforeAll
  static void start() {
    pool = ProcessPool.create(1);
  }

  @AfterAll
  static void close() {
    pool.close();
  }

  private static void refused(Prices prices, String whatAndWhere) throws Exception {
    Task1<Integer, Integer> lambda = x -> prices.of(x);
    assertThat(message(lambda))
        .isEqualTo(
            "item 0: the task can't be serialized: "
                + whatAndWhere.formatted(
                    "captured variable 'prices' of the lambda in "
                        + ProxyTest.class.getName()
                        + ".refused")
                + ADVICE);
    Task1<Integer, Integer> reference = prices::of;
    assertThat(message(reference))
        .isEqualTo(
            "item 0: the task can't be serialized: "
                + whatAndWhere.formatted(
                    "the object that the method reference "
                        + Prices.class.getName()
                        + "::of is bound to")
                + ADVICE);
  }

  private static String message(Task1<Integer, Integer> task) throws Exception {
    return pool.mapAsync(task, List.of(1)).outcomes().get(0).failure().orElseThrow().getMessage();
  }

  @Test
  void proxyOfTheJdk() throws Exception {
    InvocationHandler handler = new BeanHandler(new Bean());
    Class<?>[] interfaces = {Prices.class};
    Prices proxy =
        (Prices) Proxy.newProxyInstance(getClass().getClassLoader(), interfaces, handler);
    refused(
        proxy, BeanHandler.class.getName() + " at %s (inside " + proxy.getClass().getName() + ")");
  }

  /** Calls a bean, as that of a framework does. */
  private static class BeanHandler implements InvocationHandler {
    private final Bean bean;

    BeanHandler(Bean bean) {
      this.bean = bean;
    }

    @Override
    public Object invoke(Object proxy, java.lang.reflect.Method method, Object[] arguments)
        throws Exception {
      return method.invoke(bean, arguments);
    }
  }

  @Test
  void subclassOfSpring() throws Exception {
    Prices proxy = (Prices) Enhancer.create(Bean.class, NoOp.INSTANCE);
    assertThat(proxy.getClass().getName()).contains("$$EnhancerByCGLIB$$");
    refused(proxy, proxy.getClass().getName() + " at %s");
  }

  @Test
  void subclassOfByteBuddy() throws Exception {
    Prices proxy =
        new ByteBuddy()
            .subclass(Bean.class)
            .make()
            .load(getClass().getClassLoader(), ClassLoadingStrategy.Default.WRAPPER)
            .getLoaded()
            .getDeclaredConstructor()
            .newInstance();
    refused(proxy, proxy.getClass().getName() + " at %s");
  }
}
