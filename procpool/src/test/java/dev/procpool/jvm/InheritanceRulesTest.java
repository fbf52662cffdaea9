package dev.procpool.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which options workers get: the table in the guide, row by row. */
class InheritanceRulesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--enable-preview",
        "--add-opens=java.base/java.lang=ALL-UNNAMED",
        "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
        "--add-reads=a=b",
        "--add-modules=java.sql",
        "--limit-modules=java.base",
        "--patch-module=a=b.jar",
        "--upgrade-module-path=x",
        "--enable-native-access=ALL-UNNAMED",
        "--illegal-native-access=deny",
        "--sun-misc-unsafe-memory-access=allow",
        "--enable-final-field-mutation=ALL-UNNAMED",
        "--finalization=disabled",
        "-ea",
        "-ea:com.acme...",
        "-da:com.acme.Main",
        "-esa",
        "-dsa",
        "-enableassertions:a",
        "-Xss2m",
        "-Xverify:none",
        "-Xbootclasspath/a:x.jar",
        "-XX:ThreadStackSize=2048",
        "-XX:+EnableDynamicAgentLoading",
        "-XX:-OmitStackTraceInFastThrow",
        "-XX:AutoBoxCacheMax=1000",
        "-XX:+DisableExplicitGC",
        "-Dfile.encoding=UTF-8",
        "-Dsun.jnu.encoding=UTF-8",
        "-Duser.language=de",
        "-Duser.timezone=Asia/Tokyo",
        "-Duser.home=/home/a",
        "-Djava.library.path=/lib",
        "-Djava.locale.providers=COMPAT",
        "-Djava.security.properties=x",
        "-Djava.security.manager=allow",
        "-Djava.net.preferIPv4Stack=true",
        "-Dhttps.proxyHost=proxy",
        "-DsocksProxyHost=proxy",
        "-Djavax.net.ssl.trustStore=x",
        "-Djdk.serialFilter=!evil.*",
        "-Djava.awt.headless=true"
      })
  void whatChangesWhatCodeMeansIsInheritedFromAnywhere(String option) {
    assertThat(InheritanceRules.isInherited(option, false)).isTrue();
    assertThat(InheritanceRules.isInherited(option, true)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-Dapp.mode=test",
        "-XX:+UseStringDeduplication",
        "-XX:TieredStopAtLevel=1",
        "-XX:MaxMetaspaceSize=256m",
        "-XX:ReservedCodeCacheSize=64m",
        "-XX:NonNMethodCodeHeapSize=8m",
        "-Xint",
        "-Djava.util.logging.config.file=x"
      })
  void whatIsSaidForAllJvmsIsInheritedFromVariablesOnly(String option) {
    assertThat(InheritanceRules.isInherited(option, false)).isFalse();
    assertThat(InheritanceRules.isInherited(option, true)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-XX:+UseG1GC",
        "-XX:-UseSerialGC",
        "-XX:+UseZGC",
        "-XX:+ZGenerational",
        "-XX:G1HeapRegionSize=4m",
        "-XX:MaxGCPauseMillis=50",
        "-XX:ParallelGCThreads=2",
        "-XX:ShenandoahGCHeuristics=compact",
        "-Xmx1g",
        "-Xms1g",
        "-Xmn1g",
        "-XX:MaxHeapSize=1g",
        "-XX:MaxRAM=1g",
        "-XX:MaxRAMPercentage=75",
        "-XX:NewRatio=3",
        "-XX:+AlwaysPreTouch",
        "-XX:ActiveProcessorCount=2",
        "-agentlib:jdwp=transport=dt_socket,server=y,address=5005",
        "-agentpath:/x.so",
        "-javaagent:x.jar",
        "-Xdebug",
        "-Xrunjdwp:server=y",
        "-Dcom.sun.management.jmxremote",
        "-Dcom.sun.management.jmxremote.port=9010",
        "-Djava.rmi.server.hostname=localhost",
        "-XX:+ManagementServer",
        "-XX:StartFlightRecording=filename=x.jfr",
        "-XX:FlightRecorderOptions=stackdepth=128",
        "-XX:+HeapDumpOnOutOfMemoryError",
        "-XX:HeapDumpPath=/dumps",
        "-XX:OnOutOfMemoryError=kill",
        "-XX:OnError=gdb",
        "-XX:ErrorFile=/x",
        "-XX:+CrashOnOutOfMemoryError",
        "-Xshare:off",
        "-XX:SharedArchiveFile=x.jsa",
        "-XX:ArchiveClassesAtExit=x.jsa",
        "-XX:AOTCache=x.aot",
        "-XX:CRaCCheckpointTo=x",
        "-Xlog:gc:file=gc.log",
        "-Xloggc:gc.log",
        "-verbose:class",
        "-XX:+PrintFlagsFinal",
        "-XX:NativeMemoryTracking=summary",
        "-XX:Flags=x",
        "-XX:VMOptionsFile=x",
        "-XshowSettings:all",
        "-Djava.io.tmpdir=/x",
        "-Djava.class.path=x",
        "-Djava.home=x",
        "-Duser.dir=/x",
        "-Djava.system.class.loader=a.B",
        "-Djava.security.manager",
        "-Djava.security.manager=a.Manager",
        "-Djdk.virtualThreadScheduler.parallelism=1",
        "-Djava.util.concurrent.ForkJoinPool.common.parallelism=1",
        "-Dprocpool.memoryPercent=100",
        "-splash:x.png",
        "--class-path=x",
        "a.Main"
      })
  void whatBelongsToOneProcessIsInheritedFromNowhere(String option) {
    assertThat(InheritanceRules.isInherited(option, false)).isFalse();
    assertThat(InheritanceRules.isInherited(option, true)).isFalse();
  }
}
