public enum SharedLibrary { public static func find(_ name: String) -> String? { nil } }
public enum SymbolOrigin { public static func library(of name: String) -> String? { nil } }
