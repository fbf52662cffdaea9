import dev.procpool.function.Task1
import dev.procpool.local.ProcessPool
import java.util.concurrent.ExecutionException

class Twice implements Task1 { def call(x) { x * 2 } }

def show(name, call) {
  def shown
  try { shown = call() } catch (ExecutionException e) { shown = e.cause.message }
  println "== $name\n$shown"
}

rate = 3
def items = [1, 2]
ProcessPool.create(1).withCloseable { pool ->
  show("a closure") { pool.map({ x -> x + 1 }, items) }
  show("a closure, dehydrated") { pool.map({ x -> x + 1 }.dehydrate(), items) }
  show("the binding, copied") { def own = rate; pool.map({ x -> x * own }.dehydrate(), items) }
  show("a class") { pool.map(new Twice(), items) }
}
