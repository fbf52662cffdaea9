package dev.procpool.local.dispatch;

import dev.procpool.local.call.OpenCalls;
import dev.procpool.local.engine.Driver;
import dev.procpool.local.fleet.Fleet;
import dev.procpool.local.fleet.Lines;
import dev.procpool.local.service.ClassFetches;
import dev.procpool.local.service.LogLevels;
import dev.procpool.local.service.Supervision;
import dev.procpool.scheduler.Scheduler;
import java.nio.channels.SelectionKey;
import java.util.List;

/**
 * The steps of the engine's rounds, in their order. Each gives the time at which it wants the next
 * round at the latest.
 *
 * <p>Owned by the engine's thread.
 */
final class Rounds implements Driver {

  private final Dispatcher dispatcher;
  private final Fleet fleet;
  private final Lines lines;
  private final Acceptor acceptor;
  private final OpenCalls calls;
  private final Scheduler scheduler;
  private final Activity activity;
  private final ClassFetches fetches;
  private final Sizing sizing;
  private final Supervision supervision;
  private final LogLevels levels;
  private final PoolEnd end;

  /** When the scheduler wants to be called; {@code Long.MAX_VALUE} for not by time. */
  private long tickAt = Long.MAX_VALUE;

  Rounds(
      Dispatcher dispatcher,
      Fleet fleet,
      Acceptor acceptor,
      OpenCalls calls,
      Scheduler scheduler,
      Activity activity,
      ClassFetches fetches,
      Sizing sizing,
      Supervision supervision,
      LogLevels levels,
      PoolEnd end) {
    this.dispatcher = dispatcher;
    this.fleet = fleet;
    this.lines = fleet.lines();
    this.acceptor = acceptor;
    this.calls = calls;
    this.scheduler = scheduler;
    this.activity = activity;
    this.fetches = fetches;
    this.sizing = sizing;
    this.supervision = supervision;
    this.levels = levels;
    this.end = end;
  }

  @Override
  public long round(long now) {
    dispatcher.cancelAbandoned();
    activity.round(now);
    long next = tick(now);
    fetches.resume();
    lines.flush(); // first what workers wait for
    if (end.isNear()) {
      fleet.close();
      List.copyOf(fleet.workers()).forEach(fleet::stop);
    } else {
      next = Math.min(next, sizing.round(now));
    }
    next = Math.min(next, supervision.round(now, !calls.isEmpty()));
    next = Math.min(next, fleet.round(now));
    next = Math.min(next, levels.round(now));
    next = Math.min(next, acceptor.round(now));
    lines.flush();
    return next;
  }

  /** Calls the scheduler if it is time to, and tells when it wants that next. */
  private long tick(long now) {
    if (tickAt != Long.MAX_VALUE && tickAt - now <= 0) {
      tickAt = Long.MAX_VALUE;
      scheduler.tick(now);
    }
    long wanted = scheduler.nextTick(now);
    if (wanted == Long.MAX_VALUE || tickAt == Long.MAX_VALUE || wanted - tickAt < 0) {
      tickAt = wanted;
    }
    return tickAt;
  }

  @Override
  public void ready(SelectionKey key) {
    if (key.isAcceptable()) {
      acceptor.accept(key);
    } else {
      fleet.reception().ready(key);
    }
  }

  @Override
  public boolean poll() {
    return lines.poll();
  }

  @Override
  public boolean hasInput() {
    return lines.hasInput();
  }

  @Override
  public boolean survives(InternalError error) {
    return fleet.trust().shutOffUnsound();
  }

  @Override
  public boolean sleep() {
    return lines.sleep();
  }

  @Override
  public void awake() {
    lines.awake();
  }

  @Override
  public boolean isDone() {
    return end.isHere();
  }

  @Override
  public void died(Throwable error) {
    end.died(error);
  }

  @Override
  public boolean ended(boolean isLast) {
    return end.ended(isLast);
  }
}
