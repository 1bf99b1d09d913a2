/// A number with so many digits behind the point.
struct Decimal: CustomStringConvertible {
    let description: String

    /// - Parameter value: Not below 0, and what is multiplied by ten as often as there are digits fits an `Int`.
    init(_ value: Double, _ digits: Int) {
        let scale = (0..<digits).reduce(1) { scale, _ in scale * 10 }
        let whole = Int((value * Double(scale)).rounded())
        let rest = String(whole % scale)
        description = "\(whole / scale)." + String(repeating: "0", count: digits - rest.count) + rest
    }
}
