/** English: what comes after the first picture. */
export default {
  // page
  'page.messages': 'Messages',

  // control
  'control.badge': 'Who drives',
  'control.you': 'You drive',
  'control.nobody': 'Nobody drives',
  'control.place': 'you are number {place} in the row',
  'control.ask': 'Ask for control',
  'control.release': 'Release',
  'control.give': 'Give it to {name}',
  'control.withdraw': 'Wait no more',

  // faults
  'fault.camera': 'The camera does not work',
  'fault.camera-remedy':
    'It is tried again by itself. If it stays so: switch the microscope off, check that the flat cable sits straight ' +
    'and is locked at both ends, and switch it on.',
  'fault.stage': 'The stage does not work',
  'fault.stage-remedy':
    'Nothing moves now. Check the plugs of motors and driver board and their supply, then restart (Settings, Upkeep). ' +
    'Home the stage afterwards.',
  'fault.light': 'The lamp does not work',
  'fault.light-remedy': 'Check its plug and its supply, then restart (Settings, Upkeep).',

  // rig
  'rig.title': 'The rig file is wrong: nothing is driven',
  'rig.hint': 'Correct the file, then restart. Until then no motor, lamp or camera is touched.',
  'rig.errors': 'What is wrong',
  'rig.restart': 'Restart and read it again',

  // stage
  'stage.up': 'Up',
  'stage.down': 'Down',
  'stage.left': 'Left',
  'stage.right': 'Right',
  'stage.focus': 'Focus',
  'stage.focus-up': 'Focus up',
  'stage.focus-down': 'Focus down',
  'stage.faces': 'Ways to move',
  'stage.face-move': 'Move',
  'stage.face-map': 'Map',
  'stage.face-places': 'Places',
  'stage.um': '{um} µm',
  'stage.map-spoken':
    'Map of the stage. It is at x {x}, y {y} micrometres, within x {x_limits} and y {y_limits}. A tap goes there.',
  'stage.going': 'It goes to x {x}, y {y}.',
  'stage.coordinate': '{axis} in {unit}',
  'stage.unit': 'Unit',
  'stage.go': 'Go',
  'stage.fill-in': 'Fill in position',
  'stage.no-number': '{axis} is no number.',
  'stage.outside': '{axis} must be {minimum} to {maximum} {unit}.',
  'stage.uncertain': 'The position along {axes} is uncertain.',
  'stage.home-it': 'Home it',
  'stage.trust': 'It is right',
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

  // places
  'places.name': 'Name of the new place',
  'places.nth': 'Place {number}',
  'places.add': 'Add here',
  'places.none': 'No place has a name yet.',
  'places.go': 'Go to {name}',
  'places.rename': 'Rename {name}',
  'places.new-name': 'New name of {name}',
  'places.save': 'Save',
  'places.delete': 'Delete {name}',
  'places.deleted': '{name} is deleted.',
  'places.undo': 'Undo',

  // objectives
  'optics.objective': 'Objective',
  'optics.measure': 'Enter it',

  // camera
  'camera.more': 'More',
  'camera.more-spoken': 'More: colour and frame rate',
  'camera.auto': 'Auto',
  'camera.auto-exposure': 'Auto exposure',
  'camera.white-balance': 'White balance',
  'camera.on-this-field': 'On this field',
  'camera.on-this-field-hint': 'Make what is seen grey, and keep it so: show a blank place of the slide',
  'camera.auto-white-balance': 'Auto white balance',
  'camera.reset': 'Reset the camera',
  'camera.reset-hint': 'Set everything as the rig file has it',
  'camera.brightness': 'Brightness',
  'camera.histogram': 'Histogram of the brightness',
  'camera.black': 'black {part}',
  'camera.blown': 'blown out {part}',
  'camera.mark-clipped': 'Mark clipped',
  'camera.mark-clipped-hint': 'Mark with stripes in the picture what is blown out or black',
  'camera.measuring': 'Measuring…',
  'camera.stream': 'Size for all screens',
  'camera.sent': 'Sent to this screen',
  'camera.size-auto': 'Auto',
  'camera.size-auto-hint': 'The full picture; half of it each way where the connection is slow',
  'camera.size-full': 'Full',
  'camera.size-full-hint': 'The full picture, however few of them the connection takes',
  'camera.size-reduced': 'Half',
  'camera.size-reduced-hint': 'Half the width and height, for a slow connection',

  // focus
  'focus.title': 'Sharpness',
  'focus.part': 'Sharpness, of the sharpest so far',
  'focus.hint': 'Turn the focus.',
  'focus.sharper': 'Sharper: go on.',
  'focus.blurrier': 'Blurrier: turn back.',
  'focus.sharpest': 'In focus.',
  'focus.back': 'To the sharpest',
  'focus.back-hint': 'Turn the focus to where the picture was sharpest',
  'focus.anew': 'Begin anew',
  'focus.anew-hint': 'Forget the sharpest so far',

  // lamp
  'lamp.on': 'On',
  'lamp.off': 'Off',
  'lamp.spoken': 'Lamp: {state}',
  'lamp.spoken-all': 'All lamps: {state}',
  'lamp.channel': 'Lamp {name}',

  // controls
  'slider.figure': '{label}, figure',

  // capture
  'capture.take': 'Take a still',
  'capture.taking': 'Taking…',
  'capture.format': 'File format',
  'capture.full': 'Full resolution: {width} × {height}',
  'capture.stored': 'Stored.',
  'capture.last': 'Last stills',
  'capture.still': 'Still {name}',
  'capture.all': 'All {count} pictures',
  'capture.all.one': 'Gallery: one picture',

  // gallery
  'gallery.not-restored': '{count} pictures could not be brought back: they are deleted for good.',

  // measure
  'measure.shown': 'Shown over the picture',
  'measure.scale-bar': 'Scale bar',
  'measure.grid': 'Grid',
  'measure.crosshair': 'Crosshair',
  'measure.grid-step': 'grid {length}',
  'measure.new': 'New measurement',
  'measure.add-ruler': 'Add a ruler',
  'measure.add-angle': 'Add an angle',
  'measure.list': 'Measurements',
  'measure.ruler': 'Ruler {number}',
  'measure.angle': 'Angle {number}',
  'measure.point': '{mark}, point {number}: {value}',
  'measure.delete': 'Delete {mark}',
  'measure.clear': 'Delete all',
  'measure.with-still': 'Save a copy of each still with this drawn in',
  'measure.no-scale': 'Lengths are unknown: choose an objective whose scale is known.',

  // upkeep
  'upkeep.sending': 'Sending…',
  'upkeep.same': 'Everything is as in that backup already.',
  'upkeep.restored': 'Restored: {names}.',
  'upkeep.not-restored': 'Not restored: {problem}',

  // access
  'access.pair-title': 'Pair with the microscope',
  'access.pair-text': 'Type the PIN that its console shows, or that you were given; or scan the QR code beside it.',
  'access.pin': 'PIN',
  'access.name': 'Name of this device',
  'access.pair': 'Pair',
  'access.pairing': 'Pairing…',
  'access.wait': 'Wait {seconds} s.',
};
