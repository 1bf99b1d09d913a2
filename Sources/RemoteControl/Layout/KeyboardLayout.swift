/// A keyboard layout that the desk can have; named as pages know it.
///
/// One of another script has the Latin letters of the American one in a second group, so that shortcuts work.
public enum KeyboardLayout: UInt8, Hashable, Sendable, CaseIterable {
    case us = 1
    case gb = 2
    case de = 3
    case at = 4
    case ch = 5
    case chFrench = 6
    case fr = 7
    case be = 8
    case ca = 9
    case es = 10
    case latam = 11
    case it = 12
    case pt = 13
    case br = 14
    case dk = 15
    case no = 16
    case se = 17
    case fi = 18
    case pl = 19
    case cz = 20
    case sk = 21
    case hu = 22
    case ro = 23
    case si = 24
    case hr = 25
    case tr = 26
    case gr = 27
    case ru = 28
    case ua = 29
    case il = 30
    case dvorak = 31

    /// As in settings and messages: XKB's name, and its variant after a hyphen.
    public var name: String {
        switch self {
        case .chFrench: "ch-fr"
        case .dvorak: "us-dvorak"
        default: "\(self)"
        }
    }

    public init?(name: String) {
        guard let layout = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = layout
    }

    /// XKB's names of the layout's groups: layouts and their variants, each separated by commas.
    var groups: (layouts: String, variants: String) {
        switch self {
        case .chFrench: ("ch", "fr")
        case .dvorak: ("us", "dvorak")
        case .gr, .il, .ru, .ua: (name + ",us", ",")
        default: (name, "")
        }
    }

    /// The symbols of it as a component of XKB.
    var symbols: String {
        switch self {
        case .chFrench: "pc+ch(fr)+inet(evdev)"
        case .dvorak: "pc+us(dvorak)+inet(evdev)"
        case .gr, .il, .ru, .ua: "pc+\(name)+us:2+inet(evdev)"
        default: "pc+\(name)+inet(evdev)"
        }
    }
}
