package dev.procpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.MapResult;
import dev.procpool.Pool;
import dev.procpool.TaskOptions;
import dev.procpool.local.ProcessPool;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import javax.management.MBeanInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.Test;

/** A pool as JConsole sees it: by open types alone. */
class PoolBeanTest extends ProcessPoolTest {

  private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();

  private static ObjectName named(String pool, String more) throws Exception {
    return new ObjectName("dev.procpool:type=Pool,name=" + ObjectName.quote(pool) + more);
  }

  private Pool registered(String name) {
    return built(ProcessPool.builder().workers(1).name(name).registerMBean(true));
  }

  @Test
  void aPoolsFiguresAreReadByOpenTypes() throws Exception {
    String name = "resize, \"now\"*?=\n";
    Pool pool = registered(name);
    ObjectName bean = named(name, "");
    FileLatch started = latch("started");
    FileLatch release = latch("release");
    MapResult<Integer> result =
        pool.with(TaskOptions.defaults().label("wait").chunkSize(1))
            .mapAsync(
                x -> {
                  if (x == 1) {
                    started.countDown();
                    release.await();
                  }
                  return x;
                },
                List.of(0, 1, 2));
    started.await();
    Eventually.until("the worker's item is seen", () -> "wait[1]".equals(item(bean)));
    assertThat(SERVER.getAttribute(bean, "State")).isEqualTo("RUNNING");
    assertThat(SERVER.getAttribute(bean, "BusyWorkers")).isEqualTo(1);
    assertThat(SERVER.getAttribute(bean, "Calls")).isEqualTo(1);
    CompositeData worker = ((CompositeData[]) SERVER.getAttribute(bean, "Workers"))[0];
    assertThat(worker.get("pid")).isEqualTo(pool.workers().get(0).pid());
    assertThat(worker.get("state")).isEqualTo("BUSY");
    release.countDown();
    result.get();
    Eventually.until("the end is seen", () -> attribute(bean, "SucceededItems").equals(3L));
    assertThat(attribute(bean, "FailedItems")).isEqualTo(0L);
    assertThat((String) SERVER.invoke(bean, "report", null, null)).contains("3 succeeded");
    assertThat(Arrays.asList(SERVER.getMBeanInfo(bean).getAttributes()))
        .allSatisfy(each -> assertThat(SERVER.getAttribute(bean, each.getName())).isNotNull());
  }

  @Test
  void eachAttributeSaysWhatItIsAndInWhichUnit() throws Exception {
    registered("described");
    MBeanInfo info = SERVER.getMBeanInfo(named("described", ""));
    assertThat(info.getDescription()).contains("pool of worker processes");
    assertThat(info.getAttributes())
        .hasSizeGreaterThan(18)
        .allSatisfy(
            each ->
                assertThat(each.getDescription())
                    .as(each.getName())
                    .isNotEqualTo(each.getName())
                    .contains(" ")
                    .doesNotContain("exposed for management"));
    assertThat(info.getAttributes())
        .filteredOn(each -> Set.of("int", "long", "double").contains(each.getType()))
        .hasSizeGreaterThan(12)
        .allSatisfy(
            each ->
                assertThat(each.getDescriptor().getFieldValue("units"))
                    .as(each.getName())
                    .isIn("workers", "calls", "items", "attempts", "bytes", "ms"));
    assertThat(info.getOperations()[0].getDescription()).contains("where the time went");
  }

  private static String item(ObjectName bean) {
    CompositeData[] workers = (CompositeData[]) attribute(bean, "Workers");
    return workers.length == 0 ? "" : (String) workers[0].get("item");
  }

  private static Object attribute(ObjectName bean, String name) {
    try {
      return SERVER.getAttribute(bean, name);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void itIsGoneWhenThePoolHasEnded() throws Exception {
    Pool pool = registered("closed");
    assertThat(SERVER.isRegistered(named("closed", ""))).isTrue();
    pool.close();
    assertThat(SERVER.isRegistered(named("closed", ""))).isFalse();
    Pool other = registered("terminated");
    other.apply(() -> 1);
    other.terminate();
    other.join();
    assertThat(SERVER.isRegistered(named("terminated", ""))).isFalse();
  }

  @Test
  void poolsOfTheSameNameAreToldApart() throws Exception {
    Pool first = registered("twin");
    Pool second = registered("twin");
    assertThat(SERVER.isRegistered(named("twin", ",number=2"))).isTrue();
    first.close();
    assertThat(SERVER.isRegistered(named("twin", ""))).isFalse();
    assertThat(SERVER.isRegistered(named("twin", ",number=2"))).isTrue();
    second.close();
    assertThat(SERVER.queryNames(new ObjectName("dev.procpool:type=Pool,*"), null)).isEmpty();
  }

  @Test
  void withoutTheOptionThereIsNone() throws Exception {
    Pool pool = built(ProcessPool.builder().workers(1).name("plain"));
    pool.apply(() -> 1);
    assertThat(SERVER.isRegistered(named("plain", ""))).isFalse();
  }
}
