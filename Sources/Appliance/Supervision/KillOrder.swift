/// Whom the kernel kills sooner when memory runs out: activities, also those that people have started from the window
/// manager's menu, then what comes back without a loss, then the display with all windows, then the room, and the keeper last.
enum KillOrder {
    static let application = 600
    static let desk = 400
    static let sound = 300
    static let display = 200
    static let room = 100
}
