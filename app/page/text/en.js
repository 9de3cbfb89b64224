/** English. The keys are those of every catalogue; what is in braces is put in by the page. */
export default {
  // page
  'page.title': 'Eyepiece',
  'page.skip': 'To the controls',
  'page.stop': 'Stop',
  'page.stop-hint': 'Stop the stage (Esc)',
  'page.simulated': 'Simulated microscope: {devices}. No hardware is driven.',
  'page.live': 'Live picture',
  'page.gallery': 'Gallery',
  'page.dashboard': 'Dashboard',
  'page.dashboard-hint': 'Why a picture stutters',
  'page.settings': 'Settings',
  'page.about': 'About',
  'page.views': 'Views',
  'page.unloaded': 'This part of the page could not be loaded.',
  'page.reload': 'Reload the page',
  'page.cancel': 'Cancel',
  'page.messages': 'Messages',
  'page.dismiss': 'Dismiss',

  // connection
  'connection.connecting': 'Connecting…',
  'connection.connected': 'Connected',
  'connection.reconnecting': 'Reconnecting…',
  'connection.late': 'The microscope does not answer.',
  'connection.unreachable': 'The microscope cannot be reached.',
  'connection.answered': 'The microscope answered {status}.',

  // control
  'control.badge': 'Who drives',
  'control.other': '{name} drives',
  'control.you': 'You drive',
  'control.nobody': 'Nobody drives',
  'control.place': 'you are number {place} in the row',
  'control.ask': 'Ask for control',
  'control.release': 'Release',
  'control.give': 'Give it to {name}',
  'control.withdraw': 'Wait no more',

  // storage
  'storage.low': 'The disk is nearly full: {count} more pictures fit.',
  'storage.full': 'The disk is full: no picture fits any more. Delete some, or copy them away.',
  'storage.set-aside': 'A settings file was damaged and is kept as {name}. The defaults serve.',

  // dock
  'dock.panels': 'Controls',
  'dock.panel': '{name} panel',

  // devices
  'device.camera': 'Camera',
  'device.stage': 'Stage',
  'device.light': 'Lamp',
  'device.failed': '{device}: {fault}',
  'device.broken': 'it does not work',
  'status.starting': 'starting…',
  'status.ready': '',
  'status.busy': 'moving',
  'status.fault': 'fault',
  'status.absent': 'not installed',
  'status.stopped': 'stopped',
  'status.not-driven': 'not driven',
  'status.uncertain': 'position uncertain',
  'status.uncertain-home': 'position uncertain: home it',

  // rig
  'rig.title': 'The rig file is wrong: nothing is driven',
  'rig.hint': 'Correct the file, then restart. Until then no motor, lamp or camera is touched.',
  'rig.errors': 'What is wrong',
  'rig.restart': 'Restart and read it again',

  // view
  'view.picture': 'Live picture',
  'view.connecting': 'Connecting…',
  'view.lost': 'The connection is lost. Reconnecting…',
  'view.absent': 'No camera is installed.',
  'view.fault': 'The camera does not work.',
  'view.waiting': 'Waiting for the camera…',
  'view.rate': '{fps} fps',
  'view.age': 'age {age}',
  'view.dropped': '{count} dropped',
  'view.corrupt': '{count} corrupt',

  // stage
  'stage.title': 'Stage',
  'stage.up': 'Up',
  'stage.down': 'Down',
  'stage.left': 'Left',
  'stage.right': 'Right',
  'stage.focus': 'Focus',
  'stage.focus-up': 'Focus up',
  'stage.focus-down': 'Focus down',
  'stage.move-by': 'Move by, µm',
  'stage.move-by-spoken': 'Move by, µm in micrometres',
  'stage.focus-by': 'Focus by, µm',
  'stage.focus-by-spoken': 'Focus by, µm in micrometres',
  'stage.position-spoken': 'x {x}, y {y}, z {z} micrometres',
  'stage.home': 'Home',
  'stage.home-hint': 'Drive to the limit switches',
  'stage.home-impossible': 'The stage has no limit switches',
  'stage.home-title': 'Home the stage?',
  'stage.home-text': 'It drives {axes} to the limit switches, z first. Make sure that nothing stands in the way.',

  // camera
  'camera.title': 'Camera',
  'camera.more': 'More',
  'camera.more-spoken': 'Colour and frame rate',
  'camera.auto': 'Auto',
  'camera.auto-exposure': 'Automatic exposure',
  'camera.exposure': 'Exposure',
  'camera.gain': 'Gain',
  'camera.white-balance': 'White balance',
  'camera.on-this-field': 'On this field',
  'camera.on-this-field-hint': 'Make what is seen grey, and keep it so: show a blank place of the slide',
  'camera.auto-white-balance': 'Automatic white balance',
  'camera.red': 'Red',
  'camera.blue': 'Blue',
  'camera.rate': 'Rate',
  'camera.reset': 'Reset the camera',
  'camera.reset-hint': 'Set everything as the rig file has it',

  // lamp
  'lamp.title': 'Lamp',
  'lamp.on': 'On',
  'lamp.off': 'Off',
  'lamp.brightness': 'Brightness',

  // controls
  'slider.figure': '{label}, figure',

  // capture
  'capture.title': 'Capture',
  'capture.take': 'Take a still',
  'capture.taking': 'Taking…',
  'capture.format': 'File format',
  'capture.last': 'Last stills',
  'capture.download': 'Download {name}',
  'capture.still': 'Still {name}',

  // gallery
  'gallery.empty': 'No stills yet.',

  // measure
  'measure.title': 'Measure',

  // settings
  'settings.look': 'Look',
  'settings.theme': 'Theme',
  'settings.theme-dark': 'Dark',
  'settings.theme-night': 'Night',
  'settings.theme-light': 'Light',
  'settings.language': 'Language',
  'settings.upkeep': 'Upkeep',

  // upkeep
  'upkeep.backup': 'Backup',
  'upkeep.backup-text':
    "Settings, calibration, the stage's position and the rig file in one file. Pictures are not in it.",
  'upkeep.download': 'Download a backup',
  'upkeep.choose': 'Restore from a backup…',
  'upkeep.confirm':
    'Restore from {name} ({size})? Its rig file and settings replace the present ones, which are kept in the data ' +
    'folder, and the microscope restarts. The stage should be homed afterwards.',
  'upkeep.restore': 'Restore and restart',
  'upkeep.sending': 'Sending…',
  'upkeep.same': 'Everything is as in that backup already.',
  'upkeep.restored': 'Restored: {names}.',
  'upkeep.not-restored': 'Not restored: {problem}',
  'upkeep.restart': 'Restart',
  'upkeep.restart-ask': 'Restart…',
  'upkeep.restart-text': 'The stage stops, the lamp goes out, and everybody is without a picture for some seconds.',

  // about
  'about.version': 'Eyepiece {version}',
};
