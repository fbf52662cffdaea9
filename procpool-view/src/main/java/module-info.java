/** Shows running pools in a browser, from within their JVM. */
module dev.procpool.view {
  requires static org.jspecify;
  requires com.fasterxml.jackson.core;
  requires dev.procpool;
  requires jdk.httpserver;

  exports dev.procpool.view;
}
