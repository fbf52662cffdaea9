package dev.procpool.jmx;

import dev.procpool.PoolMXBean;
import java.util.Map;
import javax.management.Descriptor;
import javax.management.ImmutableDescriptor;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.StandardMBean;
import javax.management.openmbean.OpenMBeanAttributeInfoSupport;
import javax.management.openmbean.OpenType;

/**
 * A pool's bean with what tools show beside each attribute: its meaning, and its unit as the field
 * {@code units} of its descriptor. Immutable.
 */
final class DescribedBean extends StandardMBean {

  private static final String UNITS = "units";

  /** What an attribute means, and in which unit it is. */
  private record Text(String meaning, String units) {}

  private static final Map<String, Text> ATTRIBUTES =
      Map.ofEntries(
          entry("Name", "name of the pool", ""),
          entry("State", "RUNNING, SHUTDOWN and so on, as of PoolState", ""),
          entry("Broken", "whether no worker can be started any more", ""),
          entry("TargetWorkers", "how many workers the pool may have", "workers"),
          entry("Workers", "the workers that there are, and what each runs", ""),
          entry("BusyWorkers", "how many workers run an item", "workers"),
          entry("Calls", "how many calls are under way", "calls"),
          entry("QueuedItems", "items that were taken from their sources and wait", "items"),
          entry("SucceededItems", "items that have succeeded since the pool was made", "items"),
          entry(
              "FailedItems",
              "items that have ended without success: failed, timed out, lost or cancelled",
              "items"),
          entry("Retries", "attempts that failed and were repeated", "attempts"),
          entry("WorkerStarts", "worker processes that were started", "workers"),
          entry("WorkerLosses", "worker processes that have ended but were not stopped", "workers"),
          entry("SentBytes", "bytes of arguments sent to workers; -1 if not counted", "bytes"),
          entry("ReceivedBytes", "bytes of results received; -1 if not counted", "bytes"),
          entry("RunMillisMedian", "how long half of the items ran at most", "ms"),
          entry("RunMillis99", "how long 99 of 100 items ran at most", "ms"),
          entry("RunMillisMax", "how long the slowest item ran", "ms"),
          entry("Advice", "what would make the pool faster, with figures", ""));

  private static Map.Entry<String, Text> entry(String name, String meaning, String units) {
    return Map.entry(name, new Text(meaning, units));
  }

  DescribedBean(PoolMXBean bean) {
    super(bean, PoolMXBean.class, true);
  }

  @Override
  protected String getDescription(MBeanInfo info) {
    return "a pool of worker processes; figures are at most a second old";
  }

  @Override
  protected String getDescription(MBeanAttributeInfo info) {
    Text text = ATTRIBUTES.get(info.getName());
    return text == null ? super.getDescription(info) : text.meaning();
  }

  @Override
  protected String getDescription(MBeanOperationInfo info) {
    return "where the time went, the slowest items, and advice, as text";
  }

  @Override
  public MBeanInfo getMBeanInfo() {
    MBeanInfo plain = super.getMBeanInfo();
    MBeanAttributeInfo[] attributes = plain.getAttributes();
    for (int i = 0; i < attributes.length; i++) {
      attributes[i] = withUnits(attributes[i]);
    }
    return new MBeanInfo(
        plain.getClassName(),
        plain.getDescription(),
        attributes,
        plain.getConstructors(),
        plain.getOperations(),
        plain.getNotifications(),
        plain.getDescriptor());
  }

  private static MBeanAttributeInfo withUnits(MBeanAttributeInfo plain) {
    Text text = ATTRIBUTES.get(plain.getName());
    if (text == null || text.units().isEmpty()) {
      return plain;
    }
    Descriptor more = new ImmutableDescriptor(UNITS + "=" + text.units());
    Descriptor all = ImmutableDescriptor.union(plain.getDescriptor(), more);
    return plain instanceof OpenMBeanAttributeInfoSupport open
        ? opened(open, open.getOpenType(), all)
        : new MBeanAttributeInfo(
            plain.getName(),
            plain.getType(),
            plain.getDescription(),
            plain.isReadable(),
            plain.isWritable(),
            plain.isIs(),
            all);
  }

  private static MBeanAttributeInfo opened(
      OpenMBeanAttributeInfoSupport plain, OpenType<?> type, Descriptor all) {
    return new OpenMBeanAttributeInfoSupport(
        plain.getName(),
        plain.getDescription(),
        type,
        plain.isReadable(),
        plain.isWritable(),
        plain.isIs(),
        all);
  }
}
