/** English: the view about the microscope. */
export default {
  // about
  'about.what': 'A microscope in any browser: live picture, stage, focus, lamp and camera, driven by a Raspberry Pi.',
  'about.version': 'Version',
  'about.licence': 'Licence',
  'about.system': 'System',
  'about.docs': 'Interface for programs',
  'about.libraries': 'Libraries',
  'about.library': 'Library',
  'about.thanks': 'Eyepiece stands on the work of others. Thank you.',
  'about.in-server': 'In the server',
  'about.in-page': 'In this page',
};
