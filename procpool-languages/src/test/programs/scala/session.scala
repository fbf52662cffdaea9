import dev.procpool.local.ProcessPool
val pool = ProcessPool.create(1)
val items = java.util.List.of[Integer](1, 2)
val rate = 3
def priced(x: Int): Int = x * rate
class Connection
case class Named(name: String)
val connection = new Connection
def show(name: String)(call: => Any): Unit = println("\n== " + name + "\n" + (try call catch { case e: java.util.concurrent.ExecutionException => e.getCause.getMessage }))
object Run { def nothing() = pool.map((x: Integer) => x + 1, items); def value() = pool.map((x: Integer) => x * rate, items); def copied() = { val own = rate; pool.map((x: Integer) => x * own, items) }; def method() = pool.map((x: Integer) => priced(x), items); def captured() = { val own = connection; pool.map((x: Integer) => x + own.hashCode, items) }; def named() = pool.map((x: Integer) => Named("a" + x), items) }
show("nothing")(Run.nothing())
show("a value")(Run.value())
show("a value, copied")(Run.copied())
show("a method")(Run.method())
show("a variable")(Run.captured())
show("a class")(Run.named())
pool.close()
