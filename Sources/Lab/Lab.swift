import Harness
public enum Lab { public static func main(catalog: [Experiment]) async { Worker.serve(catalog: catalog) } }
