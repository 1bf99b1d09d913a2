/// A day of a fleet as a drawing: sessions, the servers with those that wait, and the places of all nodes.
package struct FleetCurves {
    let outcome: FleetOutcome

    package init(_ outcome: FleetOutcome) { self.outcome = outcome }

    package var svg: String {
        let samples = outcome.samples.filter { $0.time <= 86_400 }
        let most = max(1, samples.map(\.places).max() ?? 1)
        let curves: [(String, String, (FleetOutcome.Sample) -> Int)] = [
            ("places on nodes", "#8a8f98", { $0.places }),
            ("servers: in use and waiting", "#c46a00", { $0.sessions + $0.ready }),
            ("sessions", "#0b6bcb", { $0.sessions }),
        ]
        var lines = [
            ##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \##(Self.width + 80) \##(Self.height + 70)" font-family="sans-serif" font-size="12">"##,
            "<title>Sessions, servers and places of a fleet over a day</title>",
            ##"<rect width="100%" height="100%" fill="#ffffff"/>"##,
        ]
        for hour in stride(from: 6, through: 24, by: 2) {
            let left = Self.x(Double(hour) * 3_600)
            lines.append(##"<path d="M\##(left) 10V\##(Self.height + 10)" stroke="#e4e6ea"/>"##)
            let place = ##"x="\##(left)" y="\##(Self.height + 28)" text-anchor="middle""##
            lines.append("<text \(place)>\(hour):00</text>")
        }
        for quarter in 0...4 {
            let top = Self.height + 10 - Self.height * quarter / 4
            lines.append(##"<path d="M50 \##(top)H\##(Self.width + 50)" stroke="#e4e6ea"/>"##)
            lines.append(##"<text x="44" y="\##(top + 4)" text-anchor="end">\##(most * quarter / 4)</text>"##)
        }
        for (place, (name, colour, value)) in curves.enumerated() {
            let points = samples.filter { $0.time >= 21_600 }.map {
                "\(Self.x($0.time)),\(Self.height + 10 - Self.height * value($0) / most)"
            }
            lines.append(
                ##"<polyline fill="none" stroke="\##(colour)" stroke-width="1.5" points="\##(points.joined(separator: " "))"/>"##
            )
            lines.append(
                ##"<text x="\##(50 + place * 230)" y="\##(Self.height + 56)" fill="\##(colour)">\##(name)</text>"##
            )
        }
        return (lines + ["</svg>"]).joined(separator: "\n") + "\n"
    }

    /// From six o'clock to midnight.
    private static func x(_ time: Double) -> Int { 50 + Int((time - 21_600) / 64_800 * Double(width)) }

    private static let width = 720
    private static let height = 260
}
